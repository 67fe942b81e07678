import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, planned, shipped } from '../../labs/catalogue.ts';
import { loadLab, type LoadedLab } from '../../labs/engine/load-lab.ts';
import { LabError, type LabProblem } from '../../labs/engine/problem.ts';
import type { Guide, LabSummary } from '../contract/lab.ts';
import { faultProblems } from './fault-request.ts';
import { patternProblems } from './pattern-problems.ts';

interface Shelved {
  id: string;
  /** The last version without a problem; null while there is none. */
  loaded: LoadedLab | null;
  problems: LabProblem[];
  version: string;
}

/** The labs that can be started, read from their folders when the server starts; one that is being written, whenever it is saved. */
export class LabShelf {
  readonly #folder: string;
  readonly #written: string | null;
  readonly #labs = new Map<string, Shelved>();

  /** @param folder `labs` @param written id of a lab that is being written; it need not be in the catalogue */
  constructor(folder: string, written: string | null = null) {
    this.#folder = folder;
    this.#written = written;
  }

  /** Throws LabError for a lab of the catalogue that cannot be run: the product is not whole then. */
  async open(): Promise<this> {
    for (const id of new Set([...shipped, ...(this.#written ? [this.#written] : [])])) {
      const shelved = await this.#read(id, null);
      if (!shelved.loaded && id !== this.#written) throw new LabError(id, shelved.problems);
    }
    return this;
  }

  /** Undefined where there is none that can be run. */
  get(id: string): LoadedLab | undefined {
    return this.#labs.get(id)?.loaded ?? undefined;
  }

  list(): LabSummary[] {
    return catalogue([...this.#labs.values()].map(summaryOf));
  }

  /** Planned, but not here. */
  isPlanned(id: string): boolean {
    return planned.some((lab) => lab.id === id);
  }

  /** Undefined where there is no such lab. */
  guide(id: string): Guide | undefined {
    const shelved = this.#labs.get(id);
    if (!shelved) return undefined;
    const { loaded, problems, version } = shelved;
    return { lab: summaryOf(shelved), tree: loaded?.guide ?? [], problems, version, live: id === this.#written };
  }

  /** Reads the lab that is being written again, if its files have changed. True if it has become another one. */
  async refresh(): Promise<boolean> {
    const before = this.#written === null ? undefined : this.#labs.get(this.#written);
    if (!before || this.#version(before.id) === before.version) return false;
    return (await this.#read(before.id, before.loaded)).loaded !== before.loaded;
  }

  async #read(id: string, before: LoadedLab | null): Promise<Shelved> {
    const shelved: Shelved = { id, loaded: before, problems: [], version: this.#version(id) };
    try {
      const loaded = await loadLab(join(this.#folder, id), id);
      const problems = [...faultProblems(loaded.lab), ...patternProblems(loaded.lab)];
      if (problems.length > 0) throw new LabError(id, problems);
      shelved.loaded = loaded;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      shelved.problems = error.problems;
    }
    this.#labs.set(id, shelved);
    return shelved;
  }

  /** Of its files as they are now. */
  #version(id: string): string {
    const folder = join(this.#folder, id);
    const hash = createHash('sha256');
    try {
      for (const name of readdirSync(folder).sort()) hash.update(`${name} ${statSync(join(folder, name)).mtimeMs}\n`);
    } catch (error) {
      hash.update(String(error)); // no folder, or a file that was just replaced: another version, which is read then
    }
    return hash.digest('hex').slice(0, 12);
  }
}

function summaryOf({ id, loaded }: Shelved): LabSummary {
  const { title, goal, minutes, level } = loaded?.lab ?? { title: id, goal: '', minutes: 1, level: 'start' as const };
  const patterns = [...new Set(loaded?.lab.steps.flatMap(({ solution }) => Object.keys(solution.patterns)))];
  return { id, number: Number.parseInt(id, 10) || 0, title, goal, minutes, level, available: true, patterns };
}
