import { trace, type Attributes } from '@opentelemetry/api';

/** Notes on the span under way what a policy has decided about a call on an edge: a repeat, a rejection, a stand-in. */
export function noteDecision(name: string, edge: string, attributes: Attributes = {}): void {
  trace.getActiveSpan()?.addEvent(name, { 'breakwater.edge': edge, ...attributes });
}
