import { setTimeout as wait } from 'node:timers/promises';
import type { LoadedLab } from '../../labs/engine/load-lab.ts';
import type { LabDefinition, LabState } from '../../labs/engine/lab.ts';
import { sampleOf, type Sample } from '../../labs/engine/recording.ts';
import type { Facts } from '../../labs/engine/vocabulary.ts';
import { valueOf } from '../../labs/engine/words.ts';
import type { LabEvent, LabRun, StepView } from '../contract/lab.ts';
import type { Ledger } from '../contract/ledger.ts';
import { CodedError } from '../errors.ts';
import { doAct } from './acts.ts';
import { BaselineTaker } from './baseline-taker.ts';
import { broughtAbout, lasting } from './fault-request.ts';
import { FirstOver } from './first-over.ts';
import { activeFaults, type LabSystem } from './lab-system.ts';
import type { Measurements } from './measurements.ts';
import { RecapRecorder } from './recap-recorder.ts';
import type { RunRecord } from './run-record.ts';
import { stepView } from './run-view.ts';
import { countSince, ShopFacts, type FactSources } from './shop-facts.ts';
import { StepRun } from './step-run.ts';
import { Witness } from './witness.ts';

/** How long, and how often, "show me" looks whether the shop was well for long enough to be a baseline: a minute at most. */
const BASELINE_LOOKS = 240;
const BASELINE_LOOK_MS = 250;
/** No check and no prediction looks further back than this, ms. */
const LOOK_BACK_MS = 10_000;
/** Of what others changed, the last of this time are told. */
const NOTICE_MS = 60_000;
const MAX_NOTICES = 3;

export interface SessionOptions {
  loaded: LoadedLab;
  system: LabSystem;
  measurements: Measurements;
  participant: string;
  /** Brings the shop into a state, one of all participants after another. */
  reach: (state: LabState, reason: string) => Promise<void>;
  now: () => number;
}

/** A participant's run of one lab. Checks move when `tick` is called, four times a second. */
export class LabSession {
  readonly #options: SessionOptions;
  /** Unix time in ms. */
  readonly startedAt: number;
  readonly #steps: StepRun[];
  readonly #witness: Witness;
  readonly #recap: RecapRecorder;
  readonly #firstOver: FirstOver;
  readonly #baseline: BaselineTaker;
  readonly #ledger: Ledger | null;
  #index: number;
  #busy: string | null = null;
  #notices: LabRun['notices'] = [];
  /** What was measured counts from here on, Unix time in ms; null until it is known. */
  #measuredFrom: number | null;

  /** @param record of a run of this lab that goes on; it need not be started */
  constructor(options: SessionOptions, record?: RunRecord) {
    const { loaded, system, measurements, now } = options;
    const { lab } = loaded;
    this.#options = options;
    this.startedAt = record?.startedAt ?? now();
    this.#measuredFrom = record ? null : 0;
    this.#steps = lab.steps.map(
      (step) =>
        new StepRun(
          step,
          lab,
          record?.steps.find(({ id }) => id === step.id),
        ),
    );
    this.#index = Math.max(
      0,
      lab.steps.findIndex(({ id }) => id === record?.steps[record.step]?.id),
    );
    this.#witness = new Witness(system, now, record?.witness);
    this.#recap = new RecapRecorder(lab.recap, measurements, record?.recap);
    this.#firstOver = new FirstOver(measurements);
    this.#baseline = new BaselineTaker(lab.baseline, record?.baseline ?? null);
    this.#ledger = record ? record.ledger : system.ledger.total();
  }

  get lab(): LabDefinition {
    return this.#options.loaded.lab;
  }

  toRecord(): RunRecord {
    return {
      ...{ lab: this.lab.id, startedAt: this.startedAt, savedAt: this.#options.now(), step: this.#index },
      load: this.#options.system.load.view().rate,
      steps: this.#steps.map((step) => step.toRecord()),
      ...{ witness: this.#witness.toRecord(), baseline: this.#baseline.values, ledger: this.#ledger },
      recap: this.#recap.view(),
    };
  }

  /** Ends it: nothing is listened to any more. */
  close(): void {
    this.#witness.close();
  }

  /** Brings the system to the lab's start. Throws CodedError of what could not be done; `start` may then be called again. */
  async start(): Promise<void> {
    await this.#reach('Bringing the shop to its start state', this.#step.definition.start);
  }

  tick(): void {
    if (this.#busy || this.#step.openedAt === null) return;
    const { now, system } = this.#options;
    this.#witness.look();
    const wasDone = this.#steps.every((step) => step.done);
    const facts = this.#facts();
    const state = JSON.stringify([
      ...system.patterns.list().map(({ id, selected }) => [id, selected]),
      ...activeFaults(system)
        .map(({ id }) => id)
        .sort(),
      system.load.view().rate,
    ]);
    this.#step.tick(facts, now(), state, this.#firstOver, this.#isMeasured());
    if (this.#index === 0) this.#takeBaseline(facts);
    if (wasDone) this.#recap.rest();
    else this.#recap.tick(facts, now());
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
    if (index !== this.#index) this.#witness.forget();
    this.#index = index;
    if (step.openedAt === null) this.#open(step);
    this.tick();
  }

  /** Throws CodedError `lab-refused` also while "show me" brings the outcome about. */
  predict(option: string): void {
    this.refuseWhileBusy();
    this.#step.predict(option, this.#firstOver.services());
  }

  answer(question: string, answer: string): void {
    this.#step.answer(question, answer, this.#firstOver.services());
    this.tick();
  }

  openHint(): void {
    this.#step.openHint();
  }

  /** Throws CodedError `unknown-trace`. */
  record(event: LabEvent): void {
    this.#witness.record(event);
    this.tick();
  }

  /** Says that another participant changed the shop. */
  tell(text: string): void {
    this.#notices = [{ at: this.#options.now(), text }, ...this.#notices].slice(0, MAX_NOTICES);
  }

  /** Brings about what the step asks for; its checks then tick as if the learner had done it. */
  async showMe(): Promise<void> {
    this.refuseWhileBusy();
    const { start, solution, acts } = this.#step.definition;
    const { system, now } = this.#options;
    const services = this.#firstOver.services();
    // What the first step shows is told beside the shop at rest: without that its checks have nothing to compare with.
    if (this.#index === 0 && !this.#baseline.values)
      await this.#while('Measuring the shop at rest first', () => this.#baselineTaken());
    await this.#while('Doing the step', async () => {
      await this.#options.reach(broughtAbout(solution, start), this.#reason('Show'));
      for (const act of acts) await doAct(act, { step: this.#step, witness: this.#witness, services, system, now });
    });
    this.tick();
  }

  async #baselineTaken(): Promise<void> {
    for (let look = 0; look < BASELINE_LOOKS && !this.#baseline.values; look++) {
      this.#takeBaseline(this.#facts());
      if (!this.#baseline.values) await wait(BASELINE_LOOK_MS);
    }
  }

  #takeBaseline(facts: Facts): void {
    const until = this.#options.measurements.until();
    this.#baseline.tick(facts, until, this.#step.changed, (from, to) => new ShopFacts(this.#sources(), from, to));
  }

  /** The step that takes the baseline takes a new one. */
  async resetStep(): Promise<void> {
    this.refuseWhileBusy();
    if (this.#index === 0) this.#baseline.reset();
    await this.#reach('Resetting the step', this.#step.definition.start);
  }

  /** What the checks of the step look at, by the key of the fact: for recordings. */
  asked(): Sample {
    return sampleOf(this.#step.definition.checks, this.lab.language, this.#facts());
  }

  view(): LabRun {
    const { now, loaded, participant, system } = this.#options;
    const step = this.#step;
    const { language } = this.lab;
    const facts = this.#facts();
    const values = loaded.values.get(step.definition.id) ?? [];
    return {
      ...{ lab: this.lab.id, startedAt: this.startedAt, step: this.#index },
      steps: this.#steps.map(({ definition: { id, title } }, i) => ({ id, title, state: this.#stateOf(i) })),
      ...stepView(step, participant, this.#firstOver.services()),
      values: Object.fromEntries([...values].map(([source, value]) => [source, valueOf(value, language, facts)])),
      busy: this.#busy,
      recap: this.#index === this.#steps.length - 1 ? this.#recap.view() : null,
      baseline: this.#baseline.state(this.#isAtRest()),
      ledger: countSince(this.#ledger, system.ledger.total()),
      notices: this.#notices.filter(({ at }) => now() - at < NOTICE_MS),
    };
  }

  get busy(): boolean {
    return this.#busy !== null;
  }

  /** Throws CodedError `lab-refused` while the system is being brought into a state. */
  refuseWhileBusy(): void {
    if (this.#busy)
      throw new CodedError('lab-refused', `The lab is busy: ${this.#busy}.`, { action: 'Wait a few seconds.' });
  }

  /** The learner has not changed anything yet, and waits no longer for the shop to be well than is fair. */
  #isAtRest(): boolean {
    const { openedAt, changed } = this.#step;
    return (
      this.#index === 0 && !changed && this.#options.now() - (openedAt ?? Infinity) < BASELINE_LOOKS * BASELINE_LOOK_MS
    );
  }

  get #step(): StepRun {
    return this.#steps[this.#index]!;
  }

  #sources(): FactSources {
    const { system, measurements } = this.#options;
    const step = this.#step;
    return {
      ...{ system, measurements, witness: this.#witness, baseline: this.#baseline.values },
      ...{ stepOpenedAt: step.openedAt ?? 0, ledgerAtOpening: step.ledger },
      answered: (question) => step.isAnswered(question),
    };
  }

  #facts(): Facts {
    return new ShopFacts(this.#sources());
  }

  #open(step: StepRun): void {
    step.open(this.#options.now(), this.#options.system.ledger.total());
  }

  #stateOf(index: number): StepView['state'] {
    if (this.#steps[index]!.done) return 'done';
    return this.#steps.slice(0, index).every((step) => step.done) ? 'current' : 'locked';
  }

  /** Title of the commit that a state of the lab takes. */
  #reason(act: 'Show' | 'Start'): string {
    return `${act} “${this.#step.definition.title}” of the lab ${this.lab.title}`;
  }

  async #reach(why: string, state: LabState): Promise<void> {
    await this.#while(why, () => this.#options.reach(lasting(state), this.#reason('Start')));
    this.#witness.forget();
    this.#open(this.#step);
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

  /** After a restart telemetry is empty: it says nothing until generators report and it is as long as checks look back. */
  #isMeasured(): boolean {
    const { system, now, measurements } = this.#options;
    if (this.#measuredFrom === null && system.telemetry.load()) this.#measuredFrom = now();
    return this.#measuredFrom !== null && measurements.until() - this.#measuredFrom >= LOOK_BACK_MS;
  }
}
