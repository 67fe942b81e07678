import { existsSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Whether new faults are refused, as a file that is there or not: nothing to parse, never half written. A file and not an
 * object in the cluster, because everything must be stoppable when the cluster does not answer, and stay stopped when
 * the embedded one has lost all it knew.
 */
export class FaultBlock {
  readonly #file: string;
  #on: boolean;

  constructor(file: string) {
    this.#file = file;
    this.#on = existsSync(file);
  }

  get on(): boolean {
    return this.#on;
  }

  /** Holds from this call on, also when the file cannot be written, which it throws. */
  set(): void {
    this.#on = true;
    writeFileSync(this.#file, 'All faults were stopped. POST /api/faults/release allows new ones.\n');
  }

  /** Throws, and goes on to hold, when the file cannot be removed. */
  release(): void {
    rmSync(this.#file, { force: true });
    this.#on = false;
  }
}
