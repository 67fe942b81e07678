import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

export interface StateFileOptions<T> {
  path: string;
  schema: z.ZodType<T>;
  /** What follows from its loss, as the end of a sentence: "all orders are counted again". */
  withoutIt: string;
  onProblem: (error: unknown) => void;
}

/** What outlives this process, as one JSON file of the state folder, for its owner alone. It is written whole or not at all. */
export class StateFile<T> {
  readonly #options: StateFileOptions<T>;

  constructor(options: StateFileOptions<T>) {
    this.#options = options;
  }

  /** Null where there is none that can be read. */
  read(): T | null {
    const { path, schema, withoutIt, onProblem } = this.#options;
    try {
      return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      onProblem(new Error(`${path} cannot be read; ${withoutIt}.`, { cause }));
      return null;
    }
  }

  /** Never throws: a full disk must not stop what is under way. */
  write(value: T): void {
    const { path, withoutIt, onProblem } = this.#options;
    try {
      writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (cause) {
      onProblem(new Error(`${path} cannot be written; after a restart ${withoutIt}.`, { cause }));
    }
  }
}
