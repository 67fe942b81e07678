import type { Kind } from '../../kinds/kind.ts';

/** For subresources of pods alone. */
export const isPod = ({ group, kind }: Kind): boolean => group === '' && kind === 'Pod';
