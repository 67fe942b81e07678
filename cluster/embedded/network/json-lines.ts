import type { Readable, Writable } from 'node:stream';

/** Longest line taken, in characters: the whole state of a big cluster is well under 1 MB. */
const LONGEST_LINE = 8 * 1024 * 1024;

/**
 * Calls `onMessage` for every line of JSON that arrives. A line that is no JSON, or endless, destroys the stream with an
 * error: whoever speaks another language on this channel is not ours.
 */
export function readJsonLines<T>(stream: Readable, onMessage: (message: T) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    try {
      if (rest.length > LONGEST_LINE) throw new RangeError(`a line is longer than ${LONGEST_LINE} characters`);
      for (const line of lines) onMessage(JSON.parse(line) as T);
    } catch (cause) {
      stream.destroy(new ProtocolError(cause));
    }
  });
}

export function writeJsonLine(stream: Writable, message: object): void {
  if (stream.writable) stream.write(`${JSON.stringify(message)}\n`);
}

class ProtocolError extends Error {
  readonly code = 'ProtocolError';
  constructor(cause: unknown) {
    super('a message on a control channel of the pod network was not understood; the channel is closed', { cause });
    this.name = 'ProtocolError';
  }
}
