import type { ComponentType } from 'react';

interface LabGuide {
  title: string;
  /** Loads the guide's text. */
  load: () => Promise<{ default: ComponentType }>;
}

/** The labs that have a page: one line each. The title is known before the server answers. */
export const guides: Record<string, LabGuide> = {
  '04-circuit-breaker': { title: 'Circuit breaker', load: () => import('../../../labs/04-circuit-breaker/guide.mdx') },
};
