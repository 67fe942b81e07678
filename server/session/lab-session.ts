import { setTimeout as wait } from 'node:timers/promises';
import type { LabAct, LabDefinition } from '../../labs/lab.ts';
import type { LabEvent, LabRun, StepView, SystemState } from '../contract/lab.ts';
import { CodedError } from '../errors.ts';
import { LabObserver } from './lab-observer.ts';
import type { LabSystem } from './lab-system.ts';
import { reachState } from './reach-state.ts';
import { RecapRecorder } from './recap-recorder.ts';
import type { RunRecord } from './run-record.ts';
import { StepRun } from './step-run.ts';

/** How long "show me" waits for a trace that it can open. */
const TRACE_WAIT_MS = 8000;

/** No check and no prediction looks further back than this, ms. */
const LOOK_BACK_MS = 10_000;

/** One run of one lab. Checks move when `tick` is called, four times a second. */
export class LabSession {
  readonly lab: LabDefinition;
  readonly #system: LabSystem;
  readonly #now: () => number;
  /** Unix time in ms. */
  readonly startedAt: number;
  readonly #steps: StepRun[];
  readonly #observer: LabObserver;
  readonly #recap: RecapRecorder;
  #index: number;
  #busy: string | null = null;
  /** What was measured counts from here on, Unix time in ms; null until it is known. */
  #measuredFrom: number | null;

  /** @param record of a run of this lab that goes on; it need not be started */
  constructor(lab: LabDefinition, system: LabSystem, now: () => number = Date.now, record?: RunRecord) {
    this.lab = lab;
    this.#system = system;
    this.#now = now;
    this.startedAt = record?.startedAt ?? now();
    this.#measuredFrom = record ? null : 0;
    this.#index = record?.step ?? 0;
    this.#steps = lab.steps.map((step, i) => new StepRun(step, record?.steps[i]));
    this.#observer = new LabObserver(system, now, record?.observed);
    this.#recap = new RecapRecorder(lab.recap, this.#observer, record?.recap);
  }

  toRecord(): RunRecord {
    return {
      lab: this.lab.id,
      startedAt: this.startedAt,
      savedAt: this.#now(),
      load: this.#system.load.view().rate,
      step: this.#index,
      steps: this.#steps.map((step) => step.toRecord()),
      observed: this.#observer.toRecord(),
      recap: this.#recap.view(),
    };
  }

  /** Ends it: nothing is listened to any more. */
  close(): void {
    this.#observer.close();
  }

  /** Brings the system to the lab's start. Throws CodedError of what could not be done; `start` may then be called again. */
  async start(): Promise<void> {
    await this.#reach('Bringing the shop to its start state', this.#step.definition.start);
  }

  tick(): void {
    if (this.#busy || this.#step.openedAt === null) return;
    const view = this.#observer.view(this.#step.definition.id, this.#step.openedAt);
    const wasDone = this.#steps.every((step) => step.done);
    this.#step.tick(view, this.#isMeasured());
    if (wasDone) this.#recap.rest();
    else this.#recap.tick(view);
    this.#keepBaseline();
  }

  /** Throws CodedError `lab-refused` for a step whose predecessors are not done. */
  show(index: number): void {
    this.refuseWhileBusy();
    const step = this.#steps[index];
    if (!step)
      throw new CodedError('invalid-request', `There is no step ${index}; there are 0 to ${this.#steps.length - 1}.`);
    if (this.#stateOf(index) === 'locked') {
      throw new CodedError('lab-refused', `“${step.definition.title}” opens when the steps before it are done.`);
    }
    if (index !== this.#index) this.#observer.forgetEvents();
    this.#index = index;
    if (step.openedAt === null) step.open(this.#now());
    this.tick();
  }

  predict(option: string): void {
    this.#step.predict(option);
  }

  openHint(): void {
    this.#step.openHint();
  }

  /** Throws CodedError `unknown-trace`. */
  record(event: LabEvent): void {
    this.#observer.record(event);
    this.tick();
  }

  /** Brings about what the step asks for; its checks then tick as if the learner had done it. */
  async showMe(): Promise<void> {
    this.refuseWhileBusy();
    const { solution, acts } = this.#step.definition;
    await this.#while('Doing the step', async () => {
      await reachState(this.#system, solution, this.#reason('Show'), this.#now);
      for (const act of acts) await this.#act(act);
    });
    this.tick();
  }

  /** The step that takes the baseline takes a new one. */
  async resetStep(): Promise<void> {
    this.refuseWhileBusy();
    await this.#reach('Resetting the step', this.#step.definition.start);
    if (this.#baselineCheck()) this.#observer.baseline = null;
  }

  view(): LabRun {
    const step = this.#step;
    return {
      lab: this.lab.id,
      startedAt: this.startedAt,
      step: this.#index,
      steps: this.#steps.map(({ definition: { id, title } }, i) => ({ id, title, state: this.#stateOf(i) })),
      prediction: step.prediction(),
      checks: step.checks.map((check) => check.view()),
      hints: step.hints,
      hintsLeft: step.hintsLeft,
      busy: this.#busy,
      recap: this.#index === this.#steps.length - 1 ? this.#recap.view() : null,
    };
  }

  get #step(): StepRun {
    return this.#steps[this.#index]!;
  }

  #stateOf(index: number): StepView['state'] {
    if (this.#steps[index]!.done) return 'done';
    return this.#steps.slice(0, index).every((step) => step.done) ? 'current' : 'locked';
  }

  /** Title of the commit that a state of the lab takes. */
  #reason(act: 'Show' | 'Start'): string {
    return `${act} “${this.#step.definition.title}” of the lab ${this.lab.title}`;
  }

  async #reach(why: string, state: SystemState): Promise<void> {
    await this.#while(why, () => reachState(this.#system, state, this.#reason('Start'), this.#now));
    this.#observer.forgetEvents();
    this.#step.open(this.#now());
    this.tick();
  }

  async #while(busy: string, work: () => Promise<void>): Promise<void> {
    this.#busy = busy;
    try {
      await work();
    } finally {
      this.#busy = null;
    }
  }

  /** Throws CodedError `lab-refused` while the system is being brought into a state. */
  refuseWhileBusy(): void {
    if (this.#busy)
      throw new CodedError('lab-refused', `The lab is busy: ${this.#busy}.`, { action: 'Wait a few seconds.' });
  }

  async #act(act: LabAct): Promise<void> {
    if (act.type !== 'open-trace') return this.#observer.record(act);
    const deadline = this.#now() + TRACE_WAIT_MS;
    for (;;) {
      const trace = this.#system.telemetry.traces({ limit: 200, error: false }).find(({ name }) => name === act.name);
      if (trace) return this.#observer.record({ type: 'trace-opened', traceId: trace.traceId });
      if (this.#now() >= deadline) {
        throw new CodedError('lab-refused', `No trace of ${act.name} has come in yet.`, {
          action: 'Wait, and try again.',
        });
      }
      await wait(200);
    }
  }

  /** After a restart telemetry is empty: it says nothing until generators report and it is as long as checks look back. */
  #isMeasured(): boolean {
    if (this.#measuredFrom === null && this.#system.telemetry.load()) this.#measuredFrom = this.#now();
    return this.#measuredFrom !== null && this.#observer.reportedUntil() - this.#measuredFrom >= LOOK_BACK_MS;
  }

  /** What was measured while the baseline check held. */
  #keepBaseline(): void {
    if (this.#observer.baseline) return;
    const check = this.#baselineCheck();
    if (!check?.met || check.metFrom === null) return;
    const from = Math.floor(check.metFrom / 1000) * 1000;
    const until = this.#observer.reportedUntil();
    this.#observer.baseline = Object.fromEntries(
      this.lab.baseline.signals.map((signal) => [signal, this.#observer.between(from, until, signal)]),
    );
  }

  /** Undefined in other steps than the one that takes the baseline. */
  #baselineCheck() {
    return this.#step.checks.find(({ definition }) => definition.id === this.lab.baseline.check);
  }
}
