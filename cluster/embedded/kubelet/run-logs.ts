import { openLogFile, type LogFile } from './log-file.ts';

/** The output of a container's latest run, and of the one before; older ones can no longer be asked for. */
export class RunLogs {
  #logs: LogFile[] = [];

  /** Of the latest run. */
  get latest(): LogFile | null {
    return this.#logs[0] ?? null;
  }

  get before(): LogFile | null {
    return this.#logs[1] ?? null;
  }

  /** Opens that of a new run. Throws when the file cannot be made. */
  begin(path: string): LogFile {
    const log = openLogFile(path);
    const [latest, ...old] = this.#logs;
    for (const each of old) each.remove();
    this.#logs = latest ? [log, latest] : [log];
    return log;
  }
}
