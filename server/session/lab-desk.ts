import type { LabDefinition, LabState } from '../../labs/engine/lab.ts';
import type { LoadedLab } from '../../labs/engine/load-lab.ts';
import type { Sample } from '../../labs/engine/recording.ts';
import type { Guide, LabEvent, LabRun, LabSummary } from '../contract/lab.ts';
import { CodedError } from '../errors.ts';
import type { Labs } from '../system.ts';
import { LabSession } from './lab-session.ts';
import type { LabShelf } from './lab-shelf.ts';
import type { LabSystem } from './lab-system.ts';
import { Measurements } from './measurements.ts';
import { reachState } from './reach-state.ts';
import type { RunFiles } from './run-files.ts';
import type { RunRecord } from './run-record.ts';

const TICK_MS = 250;
/** What is measured; what the learner does or reaches is saved at once. */
const SAVE_MS = 15_000;
/** After a longer time away the load is not brought back: the shop is not in the run's state any more. */
const KEEP_LOAD_MS = 5 * 60_000;
/** A run whose learner is not heard of for this long rests: nothing in it is looked at. */
const REST_MS = 30_000;
/** Nor is it kept in memory for longer than this; its file is, where there is one. */
const LEAVE_MS = 30 * 60_000;
const MAX_PLACES = 500;

/** A lab that is being written is looked at this often. */
const REFRESH_MS = 500;

export interface LabDeskOptions {
  shelf: LabShelf;
  now?: () => number;
  onProblem: (error: unknown) => void;
  /** Where runs are kept over a restart; nowhere without. */
  files?: RunFiles;
}

/** A participant at the desk. */
interface Place {
  /** Null while no lab was started. */
  session: LabSession | null;
  seenAt: number;
  savedAt: number;
  savedProgress: string;
}

/** Hands out labs: each participant has a run of their own, in the one shop that there is. */
export class LabDesk implements Labs {
  readonly #system: LabSystem;
  readonly #shelf: LabShelf;
  readonly #measurements: Measurements;
  readonly #now: () => number;
  readonly #files: RunFiles | undefined;
  /** In the order in which they were seen last. */
  readonly #places = new Map<string, Place>();
  /** The end of the states that the shop is being brought into, one after another. */
  #reached: Promise<unknown> = Promise.resolve();
  readonly #onProblem: (error: unknown) => void;
  #timers: NodeJS.Timeout[] = [];

  constructor(system: LabSystem, { shelf, now = Date.now, files, onProblem }: LabDeskOptions) {
    this.#system = system;
    this.#shelf = shelf;
    this.#measurements = new Measurements(system.telemetry);
    this.#onProblem = onProblem;
    this.#now = now;
    this.#files = files;
    files?.sweep();
  }

  /** Lets the checks tick by themselves until `close`. */
  begin(): void {
    this.#timers = [setInterval(() => this.#tick(), TICK_MS), setInterval(() => void this.#refresh(), REFRESH_MS)];
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const participant of [...this.#places.keys()]) this.#leave(participant);
  }

  list(): LabSummary[] {
    return this.#shelf.list();
  }

  has(id: string): boolean {
    return this.#shelf.guide(id) !== undefined;
  }

  /** Throws CodedError `unknown-lab`, `lab-refused`. */
  guide(id: string): Guide {
    const guide = this.#shelf.guide(id);
    if (!guide) throw this.#notStartable(id);
    return guide;
  }

  current(participant: string): LabRun | null {
    return this.#place(participant).session?.view() ?? null;
  }

  /** A run of theirs that is under way is given up. */
  async start(participant: string, id: string): Promise<LabRun> {
    const loaded = this.#shelf.get(id);
    if (!loaded) throw this.#notStartable(id);
    const place = this.#place(participant);
    place.session?.refuseWhileBusy();
    place.session?.close();
    const session = this.#session(participant, loaded);
    place.session = session;
    await session.start();
    this.#save(participant, place);
    return session.view();
  }

  run(participant: string, id: string): LabRun {
    return this.#of(participant, id).view();
  }

  async step(participant: string, id: string, index: number): Promise<LabRun> {
    return this.#with(participant, id, (session) => session.show(index));
  }

  async predict(participant: string, id: string, option: string): Promise<LabRun> {
    return this.#with(participant, id, (session) => session.predict(option));
  }

  async answer(participant: string, id: string, question: string, answer: string): Promise<LabRun> {
    return this.#with(participant, id, (session) => session.answer(question, answer));
  }

  async hint(participant: string, id: string): Promise<LabRun> {
    return this.#with(participant, id, (session) => session.openHint());
  }

  async showMe(participant: string, id: string): Promise<LabRun> {
    return this.#with(participant, id, (session) => session.showMe());
  }

  async resetStep(participant: string, id: string): Promise<LabRun> {
    return this.#with(participant, id, (session) => session.resetStep());
  }

  async record(participant: string, id: string, event: LabEvent): Promise<LabRun> {
    return this.#with(participant, id, (session) => session.record(event));
  }

  /** What the checks of their step look at. */
  asked(participant: string, id: string): Sample {
    return this.#of(participant, id).asked();
  }

  /** Tells everybody else that the participant changed the shop: "set the load to 60". Null is somebody without a page. */
  changed(participant: string | null, what: string): void {
    for (const [other, { session }] of this.#places) if (other !== participant) session?.tell(`Someone else ${what}`);
  }

  #session(participant: string, loaded: LoadedLab, record?: RunRecord): LabSession {
    const reach = (state: LabState, reason: string) => {
      const mine = this.#reached.then(() => reachState(this.#system, state, reason, this.#now));
      this.#reached = mine.catch(() => undefined); // whoever asked for it is told
      return mine;
    };
    const { measurements, now, system } = { measurements: this.#measurements, now: this.#now, system: this.#system };
    return new LabSession({ loaded, system, measurements, participant, reach, now }, record);
  }

  /** Runs of a lab that is being written go on in it as it was saved. */
  async #refresh(): Promise<void> {
    try {
      await this.#shelf.refresh();
    } catch (error) {
      this.#onProblem(error);
    }
    for (const [participant, place] of this.#places) {
      const loaded = place.session && this.#shelf.get(place.session.lab.id);
      // While it is being brought into a state it is as before: the next look finds it.
      if (!place.session || !loaded || loaded.lab === place.session.lab || place.session.busy) continue;
      const record = place.session.toRecord();
      place.session.close();
      place.session = this.#session(participant, loaded, record);
    }
  }

  async #with(participant: string, id: string, act: (session: LabSession) => void | Promise<void>): Promise<LabRun> {
    const session = this.#of(participant, id);
    await act(session);
    this.#save(participant, this.#place(participant));
    return session.view();
  }

  #tick(): void {
    const now = this.#now();
    for (const [participant, place] of this.#places) {
      if (now - place.seenAt > LEAVE_MS) this.#leave(participant);
      else if (place.session && now - place.seenAt <= REST_MS) {
        place.session.tick();
        if (now - place.savedAt >= SAVE_MS || this.#progress(place) !== place.savedProgress)
          this.#save(participant, place);
      }
    }
  }

  /** The participant's place, who is here now; a run that their file holds goes on. */
  #place(participant: string): Place {
    let place = this.#places.get(participant);
    if (place)
      this.#places.delete(participant); // to the end: it is the one seen last
    else place = { session: this.#resume(participant), seenAt: 0, savedAt: this.#now(), savedProgress: '' };
    place.seenAt = this.#now();
    this.#places.set(participant, place);
    if (this.#places.size > MAX_PLACES) this.#leave(this.#places.keys().next().value!);
    return place;
  }

  #leave(participant: string): void {
    const place = this.#places.get(participant)!;
    this.#places.delete(participant);
    this.#save(participant, place);
    place.session?.close();
  }

  #save(participant: string, place: Place): void {
    place.savedAt = this.#now();
    place.savedProgress = this.#progress(place);
    if (place.session) this.#files?.write(participant, place.session.toRecord());
  }

  /** What the learner has reached or changed outside of the lab's own routes. */
  #progress({ session }: Place): string {
    const { steps = [], checks = [] } = session?.view() ?? {};
    const { rate } = this.#system.load.view();
    return JSON.stringify([rate, steps.map(({ state }) => state), checks.map(({ state }) => state === 'met')]);
  }

  #resume(participant: string): LabSession | null {
    const record = this.#files?.read(participant);
    if (!record) return null;
    const loaded = this.#shelf.get(record.lab);
    if (!loaded || !fits(record, loaded.lab)) {
      this.#files?.setAside(participant, `is of a lab “${record.lab}” that is not here, or not as it was then`);
      return null;
    }
    // It died while the shop was still being brought to the start: there is nothing to go on with.
    if (record.steps[record.step]!.openedAt === null) return null;
    if (this.#now() - record.savedAt <= KEEP_LOAD_MS) this.#system.load.keep(record.load); // all may have been restarted
    return this.#session(participant, loaded, record);
  }

  #of(participant: string, id: string): LabSession {
    const { session } = this.#place(participant);
    if (session?.lab.id === id) return session;
    if (!this.#shelf.guide(id)) throw this.#notStartable(id);
    throw new CodedError('no-lab-running', `You have no run of the lab “${id}”.`);
  }

  #notStartable(id: string): CodedError {
    return this.#shelf.isPlanned(id) || this.#shelf.guide(id)
      ? new CodedError('lab-refused', `The lab “${id}” is not available yet.`, {
          action: 'Choose one that is: GET /api/labs.',
        })
      : new CodedError('unknown-lab', `There is no lab “${id}”.`);
  }
}

/** The lab has the steps that it had when the run was saved. */
function fits(record: RunRecord, lab: LabDefinition): boolean {
  const ids = (steps: readonly { id: string }[]) => steps.map(({ id }) => id).join();
  return ids(lab.steps) === ids(record.steps) && record.step < record.steps.length;
}
