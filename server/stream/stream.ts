import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Frame, ServerEvents } from '../contract/frame.ts';
import type { Door } from '../http/door/door.ts';
import { participantOf } from '../http/participant.ts';
import type { ScopeTelemetry } from '../telemetry/scope-telemetry.ts';
import { MemberChanges } from './members.ts';

type PageSocket = Socket<Record<string, never>, ServerEvents, Record<string, never>, { run: string }>;

export interface StreamOptions {
  http: HttpServer;
  door: Door;
  /** What every page is shown, without signals; null until the system is composed. */
  members: () => Omit<Frame, 'time' | 'signals' | 'lab'> | null;
  /** The run of a participant, which their pages alone are shown. */
  run: (participant: string) => Frame['lab'];
  telemetry: Pick<ScopeTelemetry, 'pointsSince'>;
  onProblem: (error: unknown) => void;
}

const everyMs = 250;
/** Pages send nothing but the protocol's own pings. */
const maxIncomingBytes = 4 * 1024;
/** Pages that keep up: they all get the same frame, encoded once. */
const current = 'current';

/**
 * Frames for pages, four times a second. A page that cannot keep up is sent nothing until it has taken in what it was sent,
 * and then a new snapshot: it gets the latest state, never a backlog.
 */
export class Stream {
  readonly #options: StreamOptions;
  readonly #io: Server<Record<string, never>, ServerEvents, Record<string, never>, { run: string }>;
  #changes = new MemberChanges();
  #cursor: ReturnType<ScopeTelemetry['pointsSince']>['cursor'] | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#io = new Server(options.http, {
      serveClient: false,
      maxHttpBufferSize: maxIncomingBytes,
      allowRequest(request, callback) {
        try {
          options.door.check(request);
          callback(null, true);
        } catch (error) {
          callback(error instanceof Error ? error.message : String(error), false);
        }
      },
    });
    this.#io.on('connection', (socket) => this.#welcome(socket));
  }

  get pages(): number {
    return this.#io.sockets.sockets.size;
  }

  /** Ends the connections, not the pages: told to disconnect they would stay away, cut off they come back to the next server. */
  close(): void {
    clearInterval(this.#timer);
    this.#io.engine.close();
  }

  #welcome(socket: PageSocket): void {
    try {
      const members = this.#options.members();
      if (!this.#timer) {
        this.#timer = setInterval(() => this.#tick(), everyMs);
        this.#cursor = null;
        this.#changes = new MemberChanges();
        if (members) this.#changes.since(members); // the snapshot says it all
      }
      this.#sendSnapshots([socket], members);
    } catch (error) {
      this.#options.onProblem(error);
    }
  }

  #tick(): void {
    if (this.pages === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    try {
      this.#send();
    } catch (error) {
      this.#options.onProblem(error);
    }
  }

  #send(): void {
    const members = this.#options.members();
    if (!members) return; // still starting; pages show that by themselves
    const { signals, cursor } = this.#options.telemetry.pointsSince(this.#cursor);
    this.#cursor = cursor;
    const behind: PageSocket[] = [];
    for (const socket of this.#io.sockets.sockets.values()) {
      if (!socket.conn.transport.writable) void socket.leave(current);
      else if (!socket.rooms.has(current)) behind.push(socket);
    }
    const moved = Object.keys(signals).length > 0 ? { signals } : {};
    this.#io.to(current).emit('frame', { time: Date.now(), ...this.#changes.since(members), ...moved });
    for (const socket of this.#io.sockets.sockets.values()) if (socket.rooms.has(current)) this.#sendRun(socket);
    if (behind.length > 0) this.#sendSnapshots(behind, members);
  }

  #sendRun(page: PageSocket): void {
    const lab = this.#runOf(page);
    const text = JSON.stringify(lab);
    if (text === page.data.run) return;
    page.data.run = text;
    page.emit('frame', { time: Date.now(), lab });
  }

  /** Null for a program, which has no cookie of ours. */
  #runOf(page: PageSocket): Frame['lab'] {
    const participant = participantOf(page.request);
    return participant === null ? null : this.#options.run(participant);
  }

  #sendSnapshots(pages: PageSocket[], members: ReturnType<StreamOptions['members']>): void {
    if (!members) return;
    const { signals, cursor } = this.#options.telemetry.pointsSince(null);
    this.#cursor ??= cursor;
    for (const page of pages) {
      const lab = this.#runOf(page);
      page.data.run = JSON.stringify(lab);
      page.emit('snapshot', { time: Date.now(), ...members, signals, lab });
      void page.join(current);
    }
  }
}
