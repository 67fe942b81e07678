import { milliseconds, percent } from '../figures.ts';
import type { PredictionDefinition } from '../lab.ts';
import { CATALOG, CHECKOUT, CUSTOMER } from './signals.ts';

export const damage: PredictionDefinition = {
  question: 'The bank gets slow. Which service hurts first, and how far does it spread?',
  options: [
    {
      id: 'payments',
      label: 'Payments, and only orders: nobody else calls the bank',
      why: 'Payments does hurt first, and the call graph ends there. But waiting is held by someone: each waiting order keeps a connection of the gateway, and the catalog needs one too.',
    },
    {
      id: 'everything',
      label: 'Payments first, then everything, even the catalog',
      why: 'Payments fills up, orders waits for payments, and their requests hold the gateway’s connections. What the services share carries the damage, not what they call.',
    },
    {
      id: 'bank',
      label: 'Only the bank: the services are not broken',
      why: 'No service is broken, and no line of code changed. A slow answer costs more than a wrong one, because somebody waits for it.',
    },
  ],
  correct: 'everything',
  measured(view) {
    const before = view.baseline?.[CATALOG]?.p95 ?? null;
    return `The catalog’s p95 went from ${milliseconds(before)} to ${milliseconds(view.last(5, CATALOG).p95)} for its callers, the customers’ to ${milliseconds(view.last(5, CUSTOMER).p95)}.`;
  },
};

export const verdict: PredictionDefinition = {
  question: 'The bank stays slow. With the breaker on, what will p95 for customers do?',
  options: [
    {
      id: 'stays',
      label: 'Stay near 500 ms: the bank is still slow',
      why: 'So it would if every call still went out. But while the breaker is open, payments does not ask the bank at all.',
    },
    {
      id: 'drops',
      label: 'Drop to about the baseline, while orders fail at once',
      why: 'An open breaker answers in under a millisecond. It saves nobody’s order: it saves everybody’s time, and the catalog’s customers.',
    },
    {
      id: 'succeeds',
      label: 'Drop, and orders succeed again',
      why: 'The picture turns green, so it looks like healing. But a breaker only decides who fails and how fast; the charge was not made.',
    },
  ],
  correct: 'drops',
  measured(view) {
    const { p95 } = view.last(10, CUSTOMER);
    return `p95 for customers is ${milliseconds(p95)} now, and ${percent(view.last(10, CHECKOUT).errorRatio)} of orders fail, at once.`;
  },
};
