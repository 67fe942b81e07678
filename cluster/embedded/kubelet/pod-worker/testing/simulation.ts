import type { Container, Pod, PodSpec } from '../../../kinds/types.ts';
import * as observe from '../observe.ts';
import { plan, type Action } from '../plan.ts';
import { podStatus } from '../pod-status.ts';
import { newRecords, specOf, type PodRecords, type ProbeName } from '../records.ts';

/** How a container behaves where the kubelet meets its processes. Times are ms. */
export interface Behaviour {
  /** Ends by itself so long after its start; never without it. */
  runsMs?: number;
  exitCode?: number;
  /** How long it takes to go once it is asked to; it never does with Infinity. */
  drainsMs?: number;
  /** What its probes find at a time after its start, and how long they take to find it. */
  probe?: (name: ProbeName, sinceStartMs: number) => { isWell: boolean; takesMs?: number };
  hooks?: Partial<Record<'postStart' | 'preStop', { takesMs: number; isWell?: boolean }>>;
  /** Why its starts fail; one is shifted off for each. */
  startFailures?: observe.StartFailure[];
}

/**
 * A pod worker on a clock of its own, which starts at 0: the plan as it is, with an executor that has no processes. `seen` is what was done,
 * with its time in seconds: `2 main: signal`.
 */
export class Simulation {
  now = 0;
  pod: Pod;
  readonly records: PodRecords;
  readonly seen: string[] = [];
  readonly #behaviours: Record<string, Behaviour>;
  #queue: { at: number; run: () => void }[] = [];

  constructor(
    spec: Partial<PodSpec> & { containers: Container[] },
    behaviours: Record<string, Behaviour> = {},
    records?: PodRecords,
  ) {
    this.pod = { metadata: { name: 'p', namespace: 'n', uid: 'u' }, spec } as Pod;
    this.records = records ?? newRecords(this.pod, 0);
    this.records.podIP = '10.244.0.2';
    this.#behaviours = behaviours;
    this.#look();
  }

  get status(): NonNullable<Pod['status']> {
    const status = podStatus(this.pod, this.records, '10.240.0.11', this.now);
    this.pod = { ...this.pod, status };
    return status;
  }

  record(name: string) {
    return this.records.containers.find((record) => record.name === name)!;
  }

  /** The state of a container in a word. */
  state(name: string): string {
    const { state } = this.record(name);
    return state.kind === 'running' ? 'running' : state.reason;
  }

  /** Adds an ephemeral container to the Pod. */
  debug(name: string): void {
    this.pod = { ...this.pod, spec: { ...this.pod.spec!, ephemeralContainers: [{ name, image: 'app:1' }] } };
    observe.podChanged(this.pod, this.records);
    this.#look();
  }

  delete(graceSeconds: number): void {
    const metadata = {
      ...{ ...this.pod.metadata, deletionTimestamp: 'now', deletionGracePeriodSeconds: graceSeconds },
    };
    this.pod = { ...this.pod, metadata };
    this.#look();
  }

  evict(why: string): void {
    observe.evicted(this.records, why);
    this.#look();
  }

  /** Lets time pass, and all that happens in it happen. */
  pass(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (;;) {
      const { lookAt } = plan(this.pod, this.records, this.now);
      const next = Math.min(lookAt, ...this.#queue.map(({ at }) => at));
      if (next > end) break;
      this.now = next;
      const due = this.#queue.filter(({ at }) => at <= next);
      this.#queue = this.#queue.filter(({ at }) => at > next);
      for (const { run } of due) run();
      this.#look();
    }
    this.now = end;
  }

  #look(): void {
    let rounds = 0;
    for (let next = plan(this.pod, this.records, this.now); next.actions.length > 0;) {
      for (const action of next.actions) {
        observe.begun(this.pod, this.records, action, this.now);
        this.#carryOut(action);
      }
      next = plan(this.pod, this.records, this.now);
      rounds += 1;
      if (rounds > 100) throw new Error(`the plan never ends: ${JSON.stringify(next.actions)}`);
    }
  }

  #carryOut(action: Action): void {
    const seconds = this.now / 1000;
    if (action.type === 'end') {
      this.seen.push(`${seconds} ${action.end.why}`);
    } else if (action.type === 'release') {
      this.seen.push(`${seconds} release`);
    } else {
      if (action.type !== 'probe') this.seen.push(`${seconds} ${action.container}: ${action.type}`);
      this.#ofContainer(action);
    }
  }

  #ofContainer(action: Exclude<Action, { type: 'end' | 'release' }>): void {
    const { container: name } = action;
    const record = this.record(name);
    const spec = specOf(this.pod, name);
    const behaviour = this.#behaviours[name] ?? {};
    const run = record.run;
    const startedAt = run?.startedAt ?? this.now;
    /** Happens later, unless the run has ended by then. */
    const during = (ms: number, then: () => void) => this.#later(ms, () => (record.run === run ? then() : undefined));
    switch (action.type) {
      case 'start':
        return this.#later(0, () => this.#start(name, behaviour));
      case 'probe': {
        const { isWell, takesMs = 0 } = behaviour.probe?.(action.probe, this.now - startedAt) ?? { isWell: true };
        const timeoutMs = (spec[action.probe]!.timeoutSeconds ?? 1) * 1000;
        const isLate = takesMs >= timeoutMs;
        return during(Math.min(takesMs, timeoutMs), () => {
          const counts = observe.probed(record, spec, action.probe, isWell && !isLate, this.now);
          if (counts && !(isWell && !isLate)) this.seen.push(`${this.now / 1000} ${name}: ${action.probe} failed`);
        });
      }
      case 'terminate':
        if (run!.end!.preStop === 'done') return;
        return during(behaviour.hooks?.preStop?.takesMs ?? 0, () => observe.preStopEnded(record));
      case 'signal':
        return during(behaviour.drainsMs ?? 0, () => this.#exit(name, behaviour.exitCode ?? 0));
      case 'kill':
        return during(0, () => this.#exit(name, 137));
      case 'backOff':
    }
  }

  #start(name: string, behaviour: Behaviour): void {
    const record = this.record(name);
    const spec = specOf(this.pod, name);
    const failure = behaviour.startFailures?.shift();
    if (failure) return observe.startFailed(record, failure, this.now);
    if (this.records.end) return observe.startGivenUp(record);
    observe.started(this.records, record, spec, `breakwater://${name}`, this.now);
    const run = record.run;
    const during = (ms: number, then: () => void) => this.#later(ms, () => (record.run === run ? then() : undefined));
    const { takesMs = 0, isWell = true } = behaviour.hooks?.postStart ?? {};
    if (spec.lifecycle?.postStart) {
      during(takesMs, () => observe.postStartEnded(record, spec, isWell, this.now));
    }
    if (behaviour.runsMs !== undefined) during(behaviour.runsMs, () => this.#exit(name, behaviour.exitCode ?? 0));
  }

  #exit(name: string, exitCode: number): void {
    const record = this.record(name);
    this.seen.push(`${this.now / 1000} ${name}: exit ${exitCode}`);
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    observe.exited(this.pod, this.records, record, { exitCode, reason }, this.now);
  }

  #later(ms: number, run: () => void): void {
    if (ms < Infinity) this.#queue.push({ at: this.now + ms, run });
  }
}
