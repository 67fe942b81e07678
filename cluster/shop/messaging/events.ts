import { z } from 'zod/v3';

const ofOrder = { orderId: z.string().uuid() };

/** What is told to whoever listens, by the name of the event: the type of its message, and the routing key. */
const events = {
  /** The shop has taken the order, and the customer knows; it is to be paid. */
  'order.accepted': z.object({ ...ofOrder, amountCents: z.number().int().min(1) }),
  'payment.charged': z.object({ ...ofOrder, amountCents: z.number().int().min(1) }),
  /** Payments has given up on the order. */
  'payment.failed': z.object(ofOrder),
} as const;

export type EventName = keyof typeof events;
export type EventBody<Name extends EventName> = z.infer<(typeof events)[Name]>;

/** An event on its way. */
export type ShopEvent = { [Name in EventName]: { name: Name; body: EventBody<Name> } }[EventName];

/** An order has each event once: told again, it is the same event. */
export function eventId({ name, body }: ShopEvent): string {
  return `${name}/${body.orderId}`;
}

/** Null for an event that nobody here knows of: others may tell more. Throws an Error that says what is wrong with a message that is none. */
export function parseEvent(name: unknown, content: Buffer): ShopEvent | null {
  if (typeof name !== 'string') throw new Error('The message does not say what event it tells.');
  if (!Object.hasOwn(events, name)) return null;
  const body: unknown = JSON.parse(content.toString());
  return { name, body: events[name as EventName].parse(body) } as ShopEvent;
}
