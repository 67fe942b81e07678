/** Who has written a line. */
export interface Origin {
  namespace: string;
  pod: string;
  container: string;
  /** Where the pod runs. */
  node: string;
}

/** A line as it was found, without its line break. */
export interface SourceLine {
  text: string;
  /** When it was written, Unix time in ms; undefined where only the line itself may say. */
  at?: number | undefined;
  origin: Origin;
}

/** Where lines come from. Nothing is read ahead: who does not ask leaves them where they are. */
export interface Source {
  /** The next lines, in their order, as soon as there is one; at most `max`. Empty once `close` was called and all are read. */
  next(max: number): Promise<SourceLine[]>;
  /** The lines of the last `next` are in good hands, or given up: their writer may go on. */
  settled(): void;
  /** What is there by now is still read. */
  close(): void;
}
