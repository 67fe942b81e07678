/** Sends a sign of life where nothing else is sent, and ends a connection that gives none for twice the time agreed on. */
export class Heartbeat {
  #sent = 0;
  #received = 0;
  #timer: NodeJS.Timeout | undefined;

  received(): void {
    this.#received = performance.now();
  }

  sent(): void {
    this.#sent = performance.now();
  }

  /** @param isHeard whether the other side is listened to just now: while it is not, its silence says nothing */
  start(seconds: number, { beat, isHeard, silent }: { beat(): void; isHeard(): boolean; silent(): void }): void {
    if (seconds === 0) return;
    this.received();
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (!isHeard()) this.received();
      if (now - this.#received > seconds * 2_000) silent();
      else if (now - this.#sent >= seconds * 500) beat();
    }, seconds * 500).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
