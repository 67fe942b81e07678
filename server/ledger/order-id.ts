/**
 * The least order id of a moment. Order ids are UUIDs of version 7 (RFC 9562, section 5.7): the first 48 bits are Unix time
 * in ms, so that "orders since" is a comparison of ids, in the bank's book too.
 */
export function firstIdSince(time: number): string {
  const hex = Math.floor(time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When an id was made, Unix time in ms. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export function isOrderId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text);
}
