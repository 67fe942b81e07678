import type { Socket } from 'node:net';
import { carry, type Hold, type Load } from './carry.ts';
import { DelayLine } from './delay-line.ts';
import { HttpExchange } from './http-exchange.ts';
import { MetFault, type Counted } from './met-fault.ts';
import type { FaultAtWork, Passage, Stage } from './stream-fault.ts';

export interface LinkEvents {
  /** A fault wants both ends reset. */
  reset: () => void;
  /** Bytes came, from either side. */
  bytes: () => void;
  /** A fault has done something. */
  count: (fault: FaultAtWork, what: Counted) => void;
}

/**
 * What is between the two sockets of a connection: a line there and a line back, with the faults that act on both. Without
 * faults it is not in the way. Whoever owns the sockets opens, watches and closes them.
 *
 *   caller ══ client socket ══▶ there ══▶ upstream socket ══ callee
 *                           ◀══ back  ◀══
 */
export class Link {
  readonly #events: LinkEvents;
  readonly #there: DelayLine;
  readonly #back: DelayLine;
  readonly #faults = new Map<FaultAtWork, MetFault>();
  #grain = Infinity;
  /** Requests and answers, while a fault acts on them, and until the last of them is over. */
  #http: HttpExchange | null = null;
  #holdBack: Hold | null = null;
  #calls = 0;
  /** The caller has sent something since the callee was last heard of. */
  #isAsking = false;

  constructor(events: LinkEvents) {
    this.#events = events;
    const met = (stage: Stage, passage: Passage, ms: number | 'reset') => {
      const fault = [...this.#faults.values()].find(({ there, back }) => there === stage || back === stage);
      fault?.met(passage, ms);
    };
    this.#there = new DelayLine({ met, reset: events.reset });
    this.#back = new DelayLine({ met, reset: events.reset });
  }

  /** Nothing acts, and nothing is on its way. */
  get clear(): boolean {
    return this.#there.clear && this.#back.clear;
  }

  /** These act from now on, on what is on its way too. Each is the same object for as long as it acts. */
  setFaults(faults: readonly FaultAtWork[]): void {
    const fresh = faults.filter((fault) => !this.#faults.has(fault));
    const known = new Map(this.#faults);
    this.#faults.clear();
    for (const fault of faults) {
      this.#faults.set(fault, known.get(fault) ?? new MetFault(fault, (what) => this.#events.count(fault, what)));
    }
    this.#grain = Math.min(...faults.map(({ grain = Infinity }) => grain));
    if (this.#actsOnHttp()) this.#http ??= this.#newExchange();
    else this.#leaveHttp();
    const met = [...this.#faults.values()];
    this.#there.setStages(met.flatMap(({ there }) => there ?? []));
    this.#back.setStages(met.flatMap(({ back }) => back ?? []));
    const isStanding = this.#holdBack !== null;
    const cutting = isStanding && fresh.find((fault) => fault.cutsStanding?.());
    if (!cutting) return;
    this.#events.count(cutting, 'dropped');
    this.#events.reset();
  }

  /** One half of the handshake travels: the SYN there, the SYN-ACK (or a refusal) back. */
  passOpening(direction: 'there' | 'back', then: () => void): void {
    (direction === 'there' ? this.#there : this.#back).hold(this.#passage('open', 0), then);
  }

  /** Carries bytes both ways, until both sides have ended. Expects sockets that allow half-open connections. */
  carry(client: Socket, upstream: Socket): void {
    carry(client, upstream, {
      line: this.#there,
      take: (chunk, hold) => {
        this.#events.bytes();
        const begins = !this.#isAsking;
        if (begins) this.#calls += 1;
        this.#isAsking = true;
        if (!this.#http && this.#there.clear) return false;
        this.#loads(chunk, begins).forEach(hold);
        return true;
      },
      takeEnd: (hold) => {
        if (!this.#http && this.#there.clear) return false;
        for (const bytes of this.#http?.lastBytes() ?? []) this.#pieces(bytes, false).forEach(hold);
        hold({ passage: this.#passage('end', 0) });
        return true;
      },
    });
    this.#holdBack = carry(upstream, client, {
      line: this.#back,
      take: (chunk, hold) => {
        this.#events.bytes();
        const begins = this.#isAsking;
        this.#isAsking = false;
        if (!this.#http && this.#back.clear) return false;
        let isFirst = begins;
        const pass = (bytes: Buffer) => {
          this.#pieces(bytes, isFirst).forEach(hold);
          isFirst = false;
        };
        if (this.#http) this.#http.answerBytes(chunk, pass);
        else pass(chunk);
        if (!this.#actsOnHttp()) this.#leaveHttp();
        return true;
      },
      takeEnd: (hold) => {
        if (!this.#http && this.#back.clear) return false;
        for (const bytes of this.#http?.lastAnswerBytes() ?? []) this.#pieces(bytes, false).forEach(hold);
        hold({ passage: this.#passage('end', 0) });
        return true;
      },
    });
  }

  /** Drops what is on its way: the connection is over. */
  end(): void {
    this.#there.end();
    this.#back.end();
  }

  /** Bytes of the caller. */
  #loads(chunk: Buffer, begins: boolean): Load[] {
    if (!this.#http) return this.#pieces(chunk, begins);
    return this.#http.requestBytes(chunk, begins).flatMap(({ bytes, isRequest, arrive }, i) => {
      const pieces = this.#pieces(bytes, begins && i === 0);
      pieces[0]!.passage.request = isRequest;
      // What becomes of a request is one decision: its bytes arrive with the last of them.
      return pieces.map((piece, at) => ({ ...piece, arrive: at === pieces.length - 1 ? arrive : () => null }));
    });
  }

  /** Bytes that were sent together, as many at once as the faults judge at once. */
  #pieces(bytes: Buffer, begins: boolean): Load[] {
    const loads: Load[] = [];
    for (let from = 0; from < bytes.length; from += this.#grain) {
      const piece = bytes.subarray(from, from + this.#grain);
      const passage = this.#passage('data', piece.length);
      passage.begins = begins && from === 0;
      passage.last = from + this.#grain >= bytes.length;
      loads.push({ passage, arrive: () => piece });
    }
    return loads;
  }

  #passage(kind: Passage['kind'], bytes: number): Passage {
    // The handshake is part of the first call.
    return { kind, bytes, call: Math.max(1, this.#calls) };
  }

  #actsOnHttp(): boolean {
    for (const { onHttp } of this.#faults.keys()) if (onHttp) return true;
    return false;
  }

  #leaveHttp(): void {
    if (this.#http?.idle) this.#http = null;
  }

  #newExchange(): HttpExchange {
    return new HttpExchange({
      statusFor: () => {
        for (const fault of this.#faults.keys()) {
          const status = fault.answer?.() ?? null;
          if (status === null) continue;
          this.#events.count(fault, 'failed');
          return status;
        }
        return null;
      },
      answer: (answer, keepAlive) => {
        this.#isAsking = false;
        for (const piece of this.#pieces(answer, true)) this.#holdBack?.(piece);
        if (!keepAlive) this.#holdBack?.({ passage: this.#passage('end', 0) });
      },
      onAnswered: (status) => {
        for (const fault of this.#faults.keys()) if (fault.answered?.(status)) this.#events.count(fault, 'failed');
      },
      onOther: () => {
        for (const fault of this.#faults.keys()) if (fault.onHttp) this.#events.count(fault, 'leftAlone');
      },
    });
  }
}
