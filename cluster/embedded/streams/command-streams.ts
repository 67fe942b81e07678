import type { Readable, Writable } from 'node:stream';

/** In characters. */
export interface TerminalSize {
  width: number;
  height: number;
}

/** What flows between a client and a command in a container; null for what the client has not asked for. */
export interface CommandStreams {
  stdin: Readable | null;
  stdout: Writable | null;
  /** Null with a terminal: that has one output. */
  stderr: Writable | null;
  tty: boolean;
  /** Calls back with every size that the client's terminal takes, the last one known first. */
  onResize(listener: (size: TerminalSize) => void): void;
}

/** CommandStreams of one client, as its protocol carries them. */
export interface CommandSession extends CommandStreams {
  /** Aborts when the client has left. */
  gone: AbortSignal;
  /** Sends all output that is left, then the Status of the end, and ends the connection. */
  finish(status: object): Promise<void>;
}

/** What a request for a command asks for. */
export interface CommandOptions {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

/** Remembers the size for whoever asks later. */
export class Resizes {
  #last: TerminalSize | undefined;
  #listener: ((size: TerminalSize) => void) | undefined;

  /** What the client wrote on its resize channel: `{"Width": 80, "Height": 24}`. What is no size is passed over. */
  receive(text: string): void {
    const size = sizeOf(text);
    if (!size) return;
    this.#last = size;
    this.#listener?.(size);
  }

  listen(listener: (size: TerminalSize) => void): void {
    this.#listener = listener;
    if (this.#last) listener(this.#last);
  }
}

function sizeOf(text: string): TerminalSize | undefined {
  try {
    const { Width: width, Height: height } = JSON.parse(text) as Record<string, unknown>;
    return isSide(width) && isSide(height) ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** As the kernel keeps it: 16 bits. */
function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65536;
}

/** Resolves when everything written has gone out, or can no longer go. */
export function ended(stream: Writable | null): Promise<void> {
  if (!stream || stream.destroyed || stream.writableFinished) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('finish', resolve).once('close', resolve);
    stream.end();
  });
}
