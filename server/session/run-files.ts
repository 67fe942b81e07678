import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runRecordSchema, type RunRecord } from './run-record.ts';

/** Runs of more participants than this do not outlive a restart; the ones least recently saved go. */
const MAX_FILES = 200;
const MAX_AGE_MS = 7 * 86_400_000;

/**
 * The runs, one file a participant: a lab server may be restarted in the middle of a lab, and a learner may come back the next
 * day. A run holds 200 kB at most and is written a few times a minute, so the simple way, without a queue, is quick enough.
 */
export class RunFiles {
  readonly #folder: string;
  readonly #onProblem: (error: unknown) => void;

  /** What cannot be read or written goes to `onProblem` and no further: a lab can be done without the files. */
  constructor(folder: string, onProblem: (error: unknown) => void) {
    this.#folder = folder;
    this.#onProblem = onProblem;
  }

  /** Null when there is none, or none that is ours. @param participant fit to name a file */
  read(participant: string): RunRecord | null {
    try {
      return runRecordSchema.parse(JSON.parse(readFileSync(this.#path(participant), 'utf8')));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
        this.setAside(participant, 'is not one that can be read', cause);
      return null;
    }
  }

  /** Whole or not at all: a reader never meets half a file. */
  write(participant: string, record: RunRecord): void {
    const path = this.#path(participant);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (cause) {
      this.#onProblem(new Error(`The run of a lab was not saved to ${path}; it is tried again.`, { cause }));
    }
  }

  /** Keeps the file for whoever wants to see it, out of the way of the next one. */
  setAside(participant: string, why: string, cause?: unknown): void {
    const path = this.#path(participant);
    this.#onProblem(
      new Error(`The saved run ${path} ${why}; it was moved to ${path}.aside. Start the lab again.`, { cause }),
    );
    try {
      renameSync(path, `${path}.aside`);
    } catch (error) {
      this.#onProblem(error);
    }
  }

  /** Removes what is too old, or too many. */
  sweep(): void {
    const now = Date.now(); // the clock that files are dated by
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const files = readdirSync(this.#folder).map((name) => join(this.#folder, name));
      const newestFirst = files
        .map((path) => ({ path, savedAt: statSync(path).mtimeMs }))
        .sort((a, b) => b.savedAt - a.savedAt);
      for (const [i, { path, savedAt }] of newestFirst.entries()) {
        if (i >= MAX_FILES || now - savedAt > MAX_AGE_MS) rmSync(path);
      }
    } catch (cause) {
      this.#onProblem(new Error(`Old runs of labs were not removed from ${this.#folder}.`, { cause }));
    }
  }

  #path(participant: string): string {
    return join(this.#folder, `${participant}.json`);
  }
}
