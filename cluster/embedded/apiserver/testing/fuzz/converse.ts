import { connect } from 'node:tls';
import { goodbye, type Conversation } from './conversations.ts';

/** How long the server may take with its answer to a request; ms. */
const answerMs = 20_000;
/** A client that has said everything leaves once it has heard nothing for so long; ms. */
const quietMs = 30;
/** Or after so long, if it hears much; ms. */
const patienceMs = 150;
/** Then the server has so long to let go of the connection. */
const hangMs = 20_000;

/** How a conversation went. */
export interface Outcome {
  /** Of the answer to its request; null when there was none. */
  status: number | null;
  /** The answer, and what followed of it. */
  text: string;
}

/** As much of what the server says as anybody looks at; bytes. */
const longestText = 16 * 1024;

/**
 * Leads a conversation over a TLS connection of its own, to its end.
 *
 * @throws Error when the server does not answer, or does not let go of the connection
 */
export async function converse(port: number, ca: Buffer, conversation: Conversation): Promise<Outcome> {
  const { request, pieces, hurries, reads, end } = conversation;
  const socket = connect({ host: '127.0.0.1', port, ca });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // it was reset: then the server has let go of it
  let text = '';
  let heardAt = performance.now();
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (data: Buffer) => {
      heardAt = performance.now();
      if (text.length < longestText) text += data.toString('latin1');
      if (text.includes('\r\n\r\n')) resolve();
    });
  });
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number) => new Promise<'late'>((resolve) => timers.add(setTimeout(() => resolve('late'), ms)));
  const drained = () => new Promise<void>((resolve) => socket.once('drain', resolve));
  const write = async (data: Buffer) => {
    // Who does not take what it is sent may find nobody who takes what it sends.
    if (!socket.destroyed && !socket.write(data)) await Promise.race([drained(), closed, after(patienceMs)]);
  };
  try {
    if (hurries) await write(Buffer.concat([request, pieces[0] ?? Buffer.alloc(0)]));
    else {
      await write(request);
      if (await Promise.race([answered, closed, after(answerMs)])) throw new Error(`no answer within ${answerMs} ms`);
    }
    if (!reads) socket.pause();
    for (const piece of hurries ? pieces.slice(1) : pieces) {
      await write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const leaveAt = performance.now() + patienceMs;
    heardAt = performance.now();
    const isQuiet = () => performance.now() > leaveAt || performance.now() - heardAt >= quietMs;
    while (!socket.destroyed && !isQuiet()) await Promise.race([closed, after(quietMs)]);
    if (end === 'goodbye') socket.write(goodbye);
    if (end === 'reset') socket.destroy();
    else socket.resume().end();
    if (await Promise.race([closed, after(hangMs)])) {
      throw new Error(`the server did not close the connection within ${hangMs} ms of its client's leaving`);
    }
  } finally {
    for (const timer of timers) clearTimeout(timer);
    socket.destroy();
  }
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
  return { status: status === undefined ? null : Number(status), text };
}
