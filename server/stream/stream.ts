import type { Server as HttpServer } from 'node:http';
import { seenSchema, showSchema, type Changes, type Show } from '../contract/stream.ts';
import type { Door } from '../http/door/door.ts';
import { participantOf } from '../http/participant.ts';
import type { ScopeTelemetry } from '../telemetry/scope-telemetry.ts';
import type { State } from './entities.ts';
import { EntityLog } from './entity-log.ts';
import { nothingYet, Page, type Moment, type PageSocket } from './page.ts';
import { SeriesNews } from './series-news.ts';
import { openSockets, type Sockets } from './sockets.ts';

export interface StreamOptions {
  http: HttpServer;
  door: Door;
  /** What every page is shown, by member; null until the system is composed. */
  members: () => State | null;
  /** What the pages of a participant alone are shown, by member. */
  personal: (participant: string) => State;
  telemetry: Pick<ScopeTelemetry, 'pointsSince' | 'signals'>;
  onProblem: (error: unknown) => void;
  /** A page that has not taken in what it was sent for so long, in ms, is cut off. */
  patience?: number;
}

const everyMs = 250;
/** A page says what it has seen, four times a second, and what it shows; more in one round is no page. */
const maxHeard = 24;
/** Who says nothing of what it shows, as a program, is told of nothing. */
const nothing: Show = { members: [], series: [] };

/**
 * Tells pages what changed of what they show, four times a second at most. A page gets the next message when it has taken in
 * the one before: a slow one gets fewer, in which what it missed is merged. See README.md for the protocol.
 */
export class Stream {
  readonly #options: StreamOptions;
  readonly #io: Sockets;
  readonly #pages = new Set<Page>();
  readonly #log = new EntityLog();
  readonly #personal = new Map<string, EntityLog>();
  readonly #news: SeriesNews;
  #moment: Moment = nothingYet;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#news = new SeriesNews(options.telemetry);
    this.#io = openSockets(options.http, options.door);
    this.#io.on('connection', (socket) => this.#welcome(socket));
  }

  get pages(): number {
    return this.#pages.size;
  }

  /** Ends the connections, not the pages: told to disconnect they would stay away, cut off they come back to the next server. */
  close(): void {
    clearInterval(this.#timer);
    this.#io.engine.close();
  }

  #welcome(socket: PageSocket): void {
    const shown = showSchema.safeParse(socket.handshake.auth['show'] ?? nothing);
    const page = new Page(socket, participantOf(socket.request), shown.data ?? nothing);
    this.#pages.add(page);
    socket.on('disconnect', () => this.#pages.delete(page));
    socket.onAny((event: unknown, value: unknown) => this.#hear(page, event, value));
    if (shown.error) refuse(page, shown.error.message);
    this.#attempt(() => {
      if (!this.#timer) {
        this.#timer = setInterval(() => this.#attempt(() => this.#round()), everyMs);
        this.#update();
      }
      this.#updatePersonal(page);
      this.#tell([page]);
    });
  }

  /** What comes from a page is checked, and changes nothing but what that page is told. */
  #hear(page: Page, event: unknown, value: unknown): void {
    if (++page.heard > maxHeard) {
      page.socket.volatile.emit('refused', { code: 'too-many-messages', message: 'More than a page ever says.' });
      page.socket.conn.close();
      return;
    }
    const checked = event === 'show' ? showSchema.safeParse(value) : seenSchema.safeParse(value);
    if (event !== 'show' && event !== 'seen') return refuse(page, `There is no message ${JSON.stringify(event)}.`);
    if (checked.error) return refuse(page, checked.error.message);
    if (typeof checked.data === 'number') return page.seen(checked.data);
    page.wants(checked.data);
    // At once, but not each time: a page that changes its mind all the time would make a whole message of it each time.
    if (page.answered || page.unseenSince !== null) return;
    this.#attempt(() => this.#tell([page]));
    page.answered = page.unseenSince !== null; // not where there was nothing to say
  }

  #attempt(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#options.onProblem(error);
    }
  }

  #update(): void {
    const state = this.#options.members();
    if (!state) return; // still starting; pages show that by themselves
    this.#log.update(state);
    this.#moment = { number: this.#log.number, cursor: this.#news.advance() };
  }

  #updatePersonal({ participant }: Page): void {
    if (participant === null) return;
    const log = this.#personal.get(participant) ?? new EntityLog();
    this.#personal.set(participant, log);
    log.update(this.#options.personal(participant));
  }

  #round(): void {
    if (this.#pages.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#personal.clear();
      return;
    }
    this.#update();
    this.#shed();
    const byParticipant = new Map([...this.#pages].map((page) => [page.participant, page]));
    for (const participant of this.#personal.keys())
      if (!byParticipant.has(participant)) this.#personal.delete(participant);
    for (const page of byParticipant.values()) this.#updatePersonal(page);
    this.#tell([...this.#pages].filter(({ unseenSince }) => unseenSince === null));
  }

  /** Cuts off who has not read for long; a page comes back by itself and begins anew. */
  #shed(): void {
    const { patience = 20_000 } = this.#options;
    for (const page of this.#pages) {
      page.heard = 0;
      page.answered = false;
      if (page.unseenSince !== null && Date.now() - page.unseenSince > patience) page.socket.conn.close();
    }
  }

  /** Pages that are equally far and show the same get the same message, encoded once. */
  #tell(pages: Page[]): void {
    if (this.#moment.number === 0) return;
    const groups = Map.groupBy(pages, ({ told, show, fresh, participant, personal }) => {
      const own = this.#newsOf(participant, personal) || fresh.members.length > 0 ? [participant, personal] : null;
      return JSON.stringify([told.number, show, fresh, own]);
    });
    for (const group of groups.values()) {
      const [first] = group;
      const message = this.#messageFor(first!);
      const now = Date.now();
      const sent = message && this.#io.to(group.map(({ socket }) => socket.id)).emit('changes', message);
      for (const page of group) {
        const personal = this.#personal.get(page.participant ?? '')?.number ?? 0;
        if (sent) page.sent(this.#moment, personal, now);
        else page.upToDate(this.#moment, personal);
      }
    }
  }

  /** True where the participant's own state changed after that update. */
  #newsOf(participant: string | null, since: number): boolean {
    return (this.#personal.get(participant ?? '')?.lastChange ?? 0) > since;
  }

  /** Null where there is nothing to say. */
  #messageFor(page: Page): Changes | null {
    const { told, known, fresh, participant } = page;
    const whole = told === nothingYet;
    const own = this.#personal.get(participant ?? '');
    const parts = [
      this.#log.since(told.number, known),
      this.#log.since(0, fresh.members),
      own?.since(page.personal, known) ?? {},
      own?.since(0, fresh.members) ?? {},
    ];
    const changes: Omit<Changes, 'time' | 'number'> = { ...(whole && { whole }) };
    for (const name of ['lists', 'set', 'merge'] as const) {
      const all = Object.assign({}, ...parts.map((part) => part[name] ?? {}));
      if (Object.keys(all).length > 0) changes[name] = all;
    }
    const series = this.#news.of(page.show.series, fresh.series, told, this.#moment);
    if (Object.keys(series).length > 0) changes.series = series;
    if (Object.keys(changes).length === 0) return null;
    return { time: Date.now(), number: this.#moment.number, ...changes };
  }
}

/** Said if the page reads; never kept for it. */
function refuse(page: Page, message: string): void {
  page.socket.volatile.emit('refused', { code: 'bad-message', message });
}
