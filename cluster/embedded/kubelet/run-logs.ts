import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLogFile, savedLogFile, type LogFile } from './log-file.ts';

/** The output of a container's latest run, and of the one before; older ones can no longer be asked for. */
export class RunLogs {
  readonly #folder: string;
  #logs: LogFile[];

  /**
   * @param folder of the container's logs, with one file for each run by its number of restarts
   * @param restartCount of the latest run, where an earlier cluster process has left some
   */
  constructor(folder: string, restartCount: number) {
    this.#folder = folder;
    this.#logs = [restartCount, restartCount - 1]
      .map((count) => this.#path(count))
      .filter((path) => existsSync(path))
      .map(savedLogFile);
  }

  /** Of the latest run. */
  get latest(): LogFile | null {
    return this.#logs[0] ?? null;
  }

  get before(): LogFile | null {
    return this.#logs[1] ?? null;
  }

  /** Opens that of a new run. Throws when the file cannot be made. */
  begin(restartCount: number): LogFile {
    const log = openLogFile(this.#path(restartCount));
    const [latest, ...old] = this.#logs;
    for (const each of old) each.remove();
    this.#logs = latest ? [log, latest] : [log];
    return log;
  }

  #path(restartCount: number): string {
    return join(this.#folder, `${restartCount}.log`);
  }
}
