import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Manifest } from '../../cluster/client/apply.ts';

const manifestsSchema = z.array(
  z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }) }),
);

/** The manifests that rendered last, with their Secrets: for its owner alone. */
export class LastGood {
  readonly #path: string;
  readonly #onProblem: (error: unknown) => void;

  constructor(path: string, onProblem: (error: unknown) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
  }

  /** Null where there are none that can be read. */
  read(): Manifest[] | null {
    try {
      return manifestsSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8'))) as Manifest[];
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#onProblem(new Error(`${this.#path} cannot be read; it is written anew.`, { cause }));
      }
      return null;
    }
  }

  write(manifests: Manifest[]): void {
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(manifests), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (cause) {
      this.#onProblem(
        new Error(`${this.#path} cannot be written; a broken desired state would stop the next start.`, { cause }),
      );
    }
  }
}
