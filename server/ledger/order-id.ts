/**
 * The least order id of a moment. Order ids are UUIDs of version 7 (RFC 9562, section 5.7): the first 48 bits are Unix time
 * in ms, so that "orders since" is a comparison of ids, in the bank's book too.
 */
export function firstIdSince(time: number): string {
  const hex = Math.floor(time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
