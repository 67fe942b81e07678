import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { formatLine } from './log-line.ts';

/** The output of one run of a container, bounded: a full file becomes the older one, and the older one before goes. */
export interface LogFile {
  append(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** All lines still kept, formatted, oldest first. */
  lines(): string[];
  /** Calls back with every formatted line from now on. Returns the function that ends it. */
  follow(onLine: (line: string) => void): () => void;
  /** No more output will come; resolves followers. */
  close(): void;
  readonly closed: Promise<void>;
  remove(): void;
}

const maxBytes = 4 * 2 ** 20;
/** A longer line is cut in pieces, as container runtimes do. */
const maxLineLength = 16 * 1024;

/**
 * Writes are synchronous: a line is a few microseconds, and a reader in this process always finds the file complete, so
 * that following a log after reading it leaves no gap.
 */
export function openLogFile(path: string, limit = maxBytes): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let file = openSync(path, 'w');
  let size = 0;
  let open = true;
  let lost = false;
  const followers = new Set<(line: string) => void>();
  const closed = Promise.withResolvers<void>();
  const rest = {
    stdout: { decoder: new StringDecoder('utf8'), text: '' },
    stderr: { decoder: new StringDecoder('utf8'), text: '' },
  };

  function write(stream: 'stdout' | 'stderr', texts: string[]): void {
    const lines = texts.map((text) => formatLine(new Date(), stream, text));
    const data = Buffer.from(lines.join(''));
    try {
      if (size > 0 && size + data.length > limit) {
        renameSync(path, `${path}.1`);
        const next = openSync(path, 'w');
        closeSync(file);
        file = next;
        size = 0;
      }
      writeSync(file, data);
      size += data.length;
      lost = false;
    } catch (error) {
      // A full disk: the container goes on, and so does everybody else in this process.
      if (!lost) console.error(`the log ${path} could not be written, its lines are lost:`, error);
      lost = true;
    }
    for (const line of lines) for (const follower of followers) follower(line);
  }

  return {
    closed: closed.promise,
    append(stream, chunk) {
      if (!open) return;
      const state = rest[stream];
      const parts = (state.text + state.decoder.write(chunk)).split('\n');
      state.text = parts.pop()!;
      while (state.text.length > maxLineLength) {
        parts.push(state.text.slice(0, maxLineLength));
        state.text = state.text.slice(maxLineLength);
      }
      if (parts.length > 0) write(stream, parts);
    },
    lines: () => linesOf(path),
    follow(onLine) {
      followers.add(onLine);
      return () => void followers.delete(onLine);
    },
    close() {
      if (!open) return;
      for (const stream of ['stdout', 'stderr'] as const) {
        if (rest[stream].text) write(stream, [rest[stream].text]);
      }
      open = false;
      closeSync(file);
      closed.resolve();
    },
    remove() {
      this.close();
      removeParts(path);
    },
  };
}

/** The output of a run of an earlier cluster process, which has ended. */
export function savedLogFile(path: string): LogFile {
  return {
    ...{ closed: Promise.resolve(), append() {}, close() {}, follow: () => () => {} },
    lines: () => linesOf(path),
    remove: () => removeParts(path),
  };
}

function linesOf(path: string): string[] {
  return [`${path}.1`, path].flatMap((part) => read(part).split('\n').slice(0, -1)).map((line) => `${line}\n`);
}

function removeParts(path: string): void {
  for (const part of [path, `${path}.1`]) rmSync(part, { force: true });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
