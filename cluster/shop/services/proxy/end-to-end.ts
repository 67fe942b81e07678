/**
 * Headers that concern one connection alone (RFC 9110, section 7.6.1), and those that whoever sends the message on writes anew: where it is sent, how
 * long it is, and whose span it is part of.
 */
const notPassedOn = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['host', 'content-length', 'expect', 'traceparent', 'tracestate', 'x-correlation-id'],
]);

/** The headers of a message that a proxy passes on. */
export function endToEnd(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const named = new Set(
    String(headers['connection'] ?? '')
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || notPassedOn.has(name) || named.has(name) ? [] : [[name, String(value)]],
    ),
  );
}
