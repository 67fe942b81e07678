import type { Scenario } from '../components/front/scenario.ts';

/** The invitation of the first page: the first lab's fault, and the first of its cures. */
export const breakTheBank: Scenario = {
  invitation: 'Break the bank',
  mend: 'Mend the bank',
  fault: { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 3000, percent: 60 }, duration: 180 },
  load: 60,
  remedy: { pattern: 'timeout', option: '500ms' },
  words: {
    broken:
      'The bank now takes 3 s for most payments. Whoever waits keeps a place taken, so the pools fill from right to left, until even the catalog is slow, which never calls the bank.',
    helped:
      'Calls to the bank are given up after half a second. Places come free, and the shop is quick again. But given up is not paid: those orders fail.',
    mended: 'The bank answers in time, and the timeout is set. Take it away to see the shop without.',
  },
  lab: '04-circuit-breaker',
};
