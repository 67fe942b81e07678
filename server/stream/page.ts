import type { Socket } from 'socket.io';
import type { Member, PageEvents, ServerEvents, Show } from '../contract/stream.ts';
import type { ScopeTelemetry } from '../telemetry/scope-telemetry.ts';

export type PageSocket = Socket<PageEvents, ServerEvents>;

/** An update of the state, and how far the series were then. Pages that were told of the same one share its object. */
export interface Moment {
  number: number;
  cursor: ReturnType<ScopeTelemetry['pointsSince']>['cursor'] | null;
}

/** Before the first message. */
export const nothingYet: Moment = { number: 0, cursor: null };

/** What the server keeps of a page: what it shows and how far it is. No queue: what it missed follows from that. */
export class Page {
  readonly socket: PageSocket;
  /** Null for a program, which has no cookie of ours. */
  readonly participant: string | null;
  show: Show;
  /** Of these the page has nothing yet. */
  fresh: Show;
  told = nothingYet;
  /** Number of the last update of the participant's own state that it was told of. */
  personal = 0;
  /** Messages from it since the last round. */
  heard = 0;
  /** It was answered out of turn since the last round: what else it asks for waits for the next. */
  answered = false;
  #sentAt: number | null = null;
  #seen = true;

  constructor(socket: PageSocket, participant: string | null, show: Show) {
    this.socket = socket;
    this.participant = participant;
    this.show = show;
    this.fresh = show;
  }

  wants(show: Show): void {
    const isNew = (what: 'members' | 'series') => (id: string) =>
      !(this.show[what] as string[]).includes(id) || (this.fresh[what] as string[]).includes(id);
    this.fresh = {
      members: show.members.filter(isNew('members')),
      series: show.series.filter(isNew('series')),
    };
    this.show = show;
  }

  seen(number: number): void {
    if (number === this.told.number) this.#seen = true;
  }

  /**
   * When it was sent what it has not taken in yet, Unix time in ms; null while it waits for news. What its connection still holds
   * it has not seen, whatever it says.
   */
  get unseenSince(): number | null {
    return this.#seen && this.socket.conn.transport.writable ? null : this.#sentAt;
  }

  /** It was sent all there is to say at this moment. */
  sent(moment: Moment, personal: number, now: number): void {
    this.#sentAt = now;
    this.#seen = false;
    this.upToDate(moment, personal);
  }

  /** There was nothing to say. */
  upToDate(moment: Moment, personal: number): void {
    this.told = moment;
    this.personal = personal;
    this.fresh = { members: [], series: [] };
  }

  /** Members it has been told of before. */
  get known(): Member[] {
    return this.show.members.filter((member) => !this.fresh.members.includes(member));
  }
}
