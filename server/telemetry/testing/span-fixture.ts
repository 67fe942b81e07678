import type { Span } from '../span.ts';

let last = 0;

/** A whole span for tests: a GET served by the gateway in 20 ms, changed by `part`. */
export function aSpan(part: Partial<Span> & { end: number }): Span {
  const id = (++last).toString(16).padStart(16, '0');
  return {
    traceId: `7${id.padStart(31, '0')}`,
    spanId: id,
    parentId: null,
    scope: 'shop',
    service: 'gateway',
    pod: 'gateway-1',
    name: 'GET',
    kind: 'server',
    start: part.end - 20,
    failed: false,
    message: null,
    attributes: {},
    events: [],
    links: [],
    ...part,
  };
}
