import type { LabView, RecapDefinition } from '../lab.ts';
import { hasHealed, isBankSlow } from './checks.ts';
import { BANK, CHECKOUT, CUSTOMER } from './signals.ts';

const has = (view: LabView, timeout: string, breaker: string) =>
  view.patterns['timeout'] === timeout && view.patterns['circuit-breaker'] === breaker;
const opened = (view: LabView) => view.breakerChanges.filter(({ edge, to }) => edge === BANK && to === 'open');

export const recap: RecapDefinition = {
  latency: CUSTOMER,
  orders: CHECKOUT,
  rows: [
    {
      name: 'baseline',
      when: (view) => !isBankSlow(view) && has(view, 'none', 'off') && view.last(3, CUSTOMER).rate >= 40,
    },
    { name: 'no breaker', when: (view) => isBankSlow(view) && has(view, 'none', 'off') },
    { name: 'timeout only', when: (view) => isBankSlow(view) && has(view, '500ms', 'off') },
    { name: 'breaker', when: (view) => isBankSlow(view) && has(view, '500ms', 'library') },
  ],
  moments: [
    { label: 'Bank slows down', when: isBankSlow },
    { label: 'Timeout 500 ms', when: (view) => view.patterns['timeout'] === '500ms' },
    { label: 'Breaker opens', when: (view) => opened(view).length > 0 },
    { label: 'Breaker closes', when: hasHealed },
    { label: 'False trip', when: (view) => opened(view).some(({ calm }) => calm) },
  ],
};
