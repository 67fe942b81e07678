import { connect } from 'node:tls';

/** What a connection has brought by the time that it was closed, by either side. */
export interface Exchange {
  /** Of the last answer; null when there was none. */
  status: number | null;
  text: string;
}

/** A whole answer is waited for this long; after it the client leaves, as it must where it has promised more than it sent. */
const patienceMs = 250;
/** Then the server has so long to close the connection too. */
const hangMs = 10_000;

/**
 * Sends bytes over a TLS connection of their own.
 *
 * @throws Error when the server does not let go of the connection
 */
export async function exchange(port: number, ca: Buffer, bytes: Buffer): Promise<Exchange> {
  const socket = connect({ host: '127.0.0.1', port, ca });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // it was reset: then the server has let go of it
  let text = '';
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      if (isWhole(text)) resolve();
    });
  });
  socket.write(bytes);
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number) => new Promise<'late'>((resolve) => timers.push(setTimeout(() => resolve('late'), ms)));
  await Promise.race([answered, closed, after(patienceMs)]);
  socket.end();
  const late = await Promise.race([closed, after(hangMs)]);
  for (const timer of timers) clearTimeout(timer);
  socket.destroy();
  if (late) throw new Error(`the server did not close the connection within ${hangMs} ms of its client's leaving`);
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) => Number(code));
  return { status: statuses.findLast((code) => code >= 200 || code === 101) ?? null, text };
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0 || /^HTTP\/1\.1 100/.test(text)) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
  return length === undefined ? /\r\n0\r\n\r\n$/.test(text) : text.length >= end + 4 + Number(length);
}
