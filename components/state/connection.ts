import { createStore } from './store.ts';

/** `connecting` before the first snapshot, `lost` after a break. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

export const connection = createStore<ConnectionState>('connecting');
