import { catalogue, labs as allLabs } from '../../labs/catalogue.ts';
import type { LabDefinition } from '../../labs/lab.ts';
import type { LabEvent, LabRun, LabSummary } from '../contract/lab.ts';
import { CodedError } from '../errors.ts';
import type { Labs } from '../system.ts';
import { LabSession } from './lab-session.ts';
import type { LabSystem } from './lab-system.ts';
import type { RunFile } from './run-file.ts';

const TICK_MS = 250;
/** What is measured; what the learner does or reaches is saved at once. */
const SAVE_MS = 15_000;
/** After a longer time away the shop is not in the run's state any more, and no step could be met. */
const RESUME_MS = 5 * 60_000;

export interface LabDeskOptions {
  labs?: LabDefinition[];
  now?: () => number;
  /** Where the run is kept over a restart; nowhere without. */
  file?: RunFile;
}

/** Hands out labs: one run at a time, for there is one shop. A run that the file holds goes on. */
export class LabDesk implements Labs {
  readonly #system: LabSystem;
  readonly #labs: readonly LabDefinition[];
  readonly #now: () => number;
  readonly #file: RunFile | undefined;
  #session: LabSession | null;
  #savedAt = 0;
  #savedProgress = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(system: LabSystem, { labs = allLabs, now = Date.now, file }: LabDeskOptions = {}) {
    this.#system = system;
    this.#labs = labs;
    this.#now = now;
    this.#file = file;
    this.#session = this.#resume();
  }

  /** Lets the checks tick by themselves until `close`. */
  begin(): void {
    this.#timer ??= setInterval(() => {
      this.#session?.tick();
      if (this.#now() - this.#savedAt >= SAVE_MS || this.#progress() !== this.#savedProgress) this.#save();
    }, TICK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#save();
    this.#session?.close();
  }

  list(): LabSummary[] {
    return catalogue();
  }

  current(): LabRun | null {
    return this.#session?.view() ?? null;
  }

  /** A run under way is given up. */
  async start(id: string): Promise<LabRun> {
    const lab = this.#labs.find((candidate) => candidate.id === id);
    if (!lab) throw this.#notStartable(id);
    this.#session?.refuseWhileBusy();
    this.#session?.close();
    const session = new LabSession(lab, this.#system, this.#now);
    this.#session = session;
    await session.start();
    this.#save();
    return session.view();
  }

  run(id: string): LabRun {
    return this.#of(id).view();
  }

  async step(id: string, index: number): Promise<LabRun> {
    return this.#with(id, (session) => session.show(index));
  }

  async predict(id: string, option: string): Promise<LabRun> {
    return this.#with(id, (session) => session.predict(option));
  }

  async hint(id: string): Promise<LabRun> {
    return this.#with(id, (session) => session.openHint());
  }

  async showMe(id: string): Promise<LabRun> {
    return this.#with(id, (session) => session.showMe());
  }

  async resetStep(id: string): Promise<LabRun> {
    return this.#with(id, (session) => session.resetStep());
  }

  async record(id: string, event: LabEvent): Promise<LabRun> {
    return this.#with(id, (session) => session.record(event));
  }

  async #with(id: string, act: (session: LabSession) => void | Promise<void>): Promise<LabRun> {
    const session = this.#of(id);
    await act(session);
    this.#save();
    return session.view();
  }

  #save(): void {
    this.#savedAt = this.#now();
    this.#savedProgress = this.#progress();
    if (this.#session) this.#file?.write(this.#session.toRecord());
  }

  /** What the learner has reached or changed outside of the lab's own routes. */
  #progress(): string {
    const { steps = [], checks = [] } = this.#session?.view() ?? {};
    const { rate } = this.#system.load.view();
    return JSON.stringify([rate, steps.map(({ state }) => state), checks.map(({ state }) => state === 'met')]);
  }

  #resume(): LabSession | null {
    const record = this.#file?.read();
    if (!record) return null;
    const away = this.#now() - record.savedAt;
    if (away > RESUME_MS) {
      this.#file?.setAside(`is ${Math.round(away / 60_000)} minutes old`);
      return null;
    }
    const lab = this.#labs.find(({ id }) => id === record.lab);
    const sameSteps = lab?.steps.map(({ id }) => id).join() === record.steps.map(({ id }) => id).join();
    if (!lab || !sameSteps || record.step >= record.steps.length) {
      this.#file?.setAside(`is of a lab “${record.lab}” that is not here, or not as it was then`);
      return null;
    }
    // It died while the shop was still being brought to the start: there is nothing to go on with.
    if (record.steps[record.step]!.openedAt === null) return null;
    this.#system.load.keep(record.load); // all of the product may have been restarted
    return new LabSession(lab, this.#system, this.#now, record);
  }

  #of(id: string): LabSession {
    if (this.#session?.lab.id === id) return this.#session;
    if (!this.#labs.some((lab) => lab.id === id)) throw this.#notStartable(id);
    throw new CodedError('no-lab-running', `The lab “${id}” is not running.`);
  }

  #notStartable(id: string): CodedError {
    return catalogue().some((lab) => lab.id === id)
      ? new CodedError('lab-refused', `The lab “${id}” is not available yet.`, {
          action: 'Choose one that is: GET /api/labs.',
        })
      : new CodedError('unknown-lab', `There is no lab “${id}”.`);
  }
}
