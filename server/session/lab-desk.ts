import { catalogue, labs as allLabs } from '../../labs/catalogue.ts';
import type { LabDefinition } from '../../labs/lab.ts';
import type { LabEvent, LabRun, LabSummary } from '../contract/lab.ts';
import { CodedError } from '../errors.ts';
import type { Labs } from '../system.ts';
import { LabSession } from './lab-session.ts';
import type { LabSystem } from './lab-system.ts';

const TICK_MS = 250;

/** Hands out labs: one run at a time, for there is one shop. */
export class LabDesk implements Labs {
  readonly #system: LabSystem;
  readonly #labs: readonly LabDefinition[];
  readonly #now: () => number;
  #session: LabSession | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    system: LabSystem,
    { labs = allLabs, now = Date.now }: { labs?: LabDefinition[]; now?: () => number } = {},
  ) {
    this.#system = system;
    this.#labs = labs;
    this.#now = now;
  }

  /** Lets the checks tick by themselves until `close`. */
  begin(): void {
    this.#timer ??= setInterval(() => this.#session?.tick(), TICK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#session?.close();
  }

  list(): LabSummary[] {
    return catalogue();
  }

  current(): LabRun | null {
    return this.#session?.view() ?? null;
  }

  async start(id: string): Promise<LabRun> {
    const lab = this.#labs.find((candidate) => candidate.id === id);
    if (!lab) throw this.#notStartable(id);
    this.#session?.refuseWhileBusy();
    this.#session?.close();
    const session = new LabSession(lab, this.#system, this.#now);
    this.#session = session;
    await session.start();
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
    return session.view();
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
