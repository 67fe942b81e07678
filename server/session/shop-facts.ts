import { keyOf, type Facts, type FactValue } from '../../labs/engine/vocabulary.ts';
import type { Ledger } from '../contract/ledger.ts';
import { activeFaults, type LabSystem } from './lab-system.ts';
import type { Measured, Measurements } from './measurements.ts';
import type { Witness } from './witness.ts';

/** What of the ledger a rate is made of must be this long, ms. */
const LEDGER_MS = 4000;
/** Checks look at the last whole seconds. */
const LOOK_MS = 5000;

export interface FactSources {
  system: LabSystem;
  measurements: Measurements;
  witness: Witness;
  /** Unix time in ms. */
  stepOpenedAt: number;
  /** The count when the step was opened; null where nothing was counted then. */
  ledgerAtOpening: Ledger | null;
  answered: (question: string) => boolean;
  /** By key; null before it was taken. */
  baseline: Readonly<Record<string, FactValue>> | null;
}

/** The running shop, as the vocabulary's facts ask for it (labs/engine/vocabulary.ts has each of them). */
export class ShopFacts implements Facts {
  readonly #sources: FactSources;
  readonly #from: number;
  readonly #to: number;

  /** @param from where given, what is measured is of [from, to) in place of the last seconds; Unix time in ms */
  constructor(sources: FactSources, from?: number, to?: number) {
    this.#sources = sources;
    this.#to = to ?? sources.measurements.until();
    this.#from = from ?? this.#to - LOOK_MS;
  }

  ask(fact: string, args: readonly string[], when: 'now' | 'baseline'): FactValue | null {
    if (when === 'baseline') return this.#sources.baseline?.[keyOf(fact, args, 'now')] ?? null;
    const tell = facts[fact];
    if (!tell) throw new Error(`Nothing tells the fact "${fact}"; server/session/shop-facts.ts should.`);
    return tell(args[0] ?? '', this.#sources, (signal) =>
      this.#sources.measurements.between(this.#from, this.#to, signal),
    );
  }
}

type Tell = (arg: string, sources: FactSources, measured: (signal: string) => Measured) => FactValue | null;

const facts: Record<string, Tell> = {
  p50: (signal, _sources, measured) => measured(signal).p50,
  p95: (signal, _sources, measured) => measured(signal).p95,
  p99: (signal, _sources, measured) => measured(signal).p99,
  rate: (signal, _sources, measured) => perSecond(measured(signal), ({ count }) => count),
  goodput: (signal, _sources, measured) => perSecond(measured(signal), ({ count, errors }) => count - errors),
  errors(signal, _sources, measured) {
    const { count, errors } = measured(signal);
    return count > 0 ? errors / count : null;
  },
  retries: (call, { measurements }) => measurements.edges().find(({ id }) => id === call)?.retryRate ?? null,
  inflight: (service, _sources, measured) => measured(service).inFlight,
  load: (_arg, { system }) => system.load.view().rate,
  pattern: (id, { system }) => system.patterns.list().find((pattern) => pattern.id === id)?.selected ?? null,
  fault: (target, { system }) => activeFaults(system).some((fault) => fault.target === target),
  breaker: (call, { system }) => system.telemetry.breaker(call)?.state ?? null,
  opened: (call, sources) => openings(call, sources).length,
  openedInCalm: (call, sources) => openings(call, sources).filter(({ calm }) => calm).length,
  healed(call, { system, witness }) {
    const states = witness.breakerChanges.filter(({ edge }) => edge === call).map(({ to }) => to);
    const sinceOpen = states.slice(states.lastIndexOf('open'));
    const probed = sinceOpen[0] === 'open' && sinceOpen.includes('half-open') && sinceOpen.includes('closed');
    return probed && system.telemetry.breaker(call)?.state === 'closed';
  },
  ledger(entry, { system, ledgerAtOpening }) {
    const counted = countSince(ledgerAtOpening, system.ledger.total());
    return (counted as unknown as Record<string, number> | null)?.[entry] ?? null;
  },
  ledgerRate(entry, { witness }) {
    const [oldest, newest] = [witness.counts[0], witness.counts.at(-1)];
    if (!oldest || !newest || newest.countedAt - oldest.countedAt < LEDGER_MS) return null;
    const [before, now] = [oldest, newest].map((count) => (count as unknown as Record<string, number>)[entry]);
    if (before === undefined || now === undefined) return null;
    return Math.max(0, now - before) / ((newest.countedAt - oldest.countedAt) / 1000);
  },
  paidAfter: (_arg, { system }) => system.ledger.paidAfter(),
  queued: (queue, { system }) => queued(queue, system),
  gathered(queue, { system, witness }) {
    const now = queued(queue, system);
    if (now === null) return null;
    const before = witness.queues.get(queue) ?? now;
    witness.queues.set(queue, before);
    return Math.max(0, now - before);
  },
  opentrace(name, { witness }) {
    const durations = witness.openedTraces.filter((trace) => trace.name === name).map(({ duration }) => duration);
    return durations.length > 0 ? Math.max(...durations) : null;
  },
  answered: (question, { answered }) => answered(question),
  read: (what, { witness }) => witness.read.includes(what),
};

/** @param queue `rabbitmq>payments` */
function queued(queue: string, { telemetry }: LabSystem): number | null {
  const [broker = '', name] = queue.split('>');
  return telemetry.queues(broker).find((each) => each.name === name)?.depth ?? null;
}

function openings(call: string, { witness, stepOpenedAt }: FactSources) {
  return witness.breakerChanges.filter(({ edge, to, at }) => edge === call && to === 'open' && at >= stepOpenedAt);
}

function perSecond(measured: Measured, what: (measured: Measured) => number): number {
  return measured.seconds > 0 ? what(measured) / measured.seconds : 0;
}

/** What came into the ledger between two counts; null while there is none of the second. */
export function countSince(before: Ledger | null, now: Ledger | null): Ledger | null {
  if (!now) return null;
  const names = [
    'accepted',
    'failed',
    'chargedOnce',
    'chargedTwice',
    'acceptedNeverCharged',
    'chargedNeverAccepted',
    'refunded',
    'mailsTwice',
  ] as const;
  const since = (name: (typeof names)[number] | 'inDoubt' | 'toBePaid' | 'oversold') =>
    Math.max(0, now[name] - (before?.[name] ?? 0));
  const counts = Object.fromEntries(names.map((name) => [name, since(name)])) as Record<(typeof names)[number], number>;
  return {
    ...{ since: before?.countedAt ?? now.since, countedAt: now.countedAt, ...counts },
    ...{ inDoubt: since('inDoubt'), toBePaid: since('toBePaid'), oversold: since('oversold') },
  };
}
