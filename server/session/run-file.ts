import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runRecordSchema, type RunRecord } from './run-record.ts';

/**
 * The run under way, on disk: the lab server may be restarted in the middle of a lab. It holds 200 kB at most and is written
 * a few times a minute, so the simple way, without a queue, is quick enough.
 */
export class RunFile {
  readonly #path: string;
  readonly #onProblem: (error: unknown) => void;

  /** What cannot be read or written goes to `onProblem` and no further: a lab can be done without the file. */
  constructor(path: string, onProblem: (error: unknown) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
  }

  /** Null when there is none, or none that is ours. */
  read(): RunRecord | null {
    try {
      return runRecordSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') this.setAside('is not one that can be read', cause);
      return null;
    }
  }

  /** Whole or not at all: a reader never meets half a file. */
  write(record: RunRecord): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(`${this.#path}.new`, JSON.stringify(record));
      renameSync(`${this.#path}.new`, this.#path);
    } catch (cause) {
      this.#onProblem(new Error(`The run of the lab was not saved to ${this.#path}; it is tried again.`, { cause }));
    }
  }

  /** Keeps the file for whoever wants to see it, out of the way of the next one. */
  setAside(why: string, cause?: unknown): void {
    const aside = `${this.#path}.aside`;
    this.#onProblem(
      new Error(`The saved run ${this.#path} ${why}; it was moved to ${aside}. Start the lab again.`, { cause }),
    );
    try {
      renameSync(this.#path, aside);
    } catch (error) {
      this.#onProblem(error);
    }
  }
}
