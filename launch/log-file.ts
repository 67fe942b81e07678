import { closeSync, copyFileSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, rmSync } from 'node:fs';

/** A log never takes more than twice this: the file being written and the one before. */
const maxBytes = 8 * 1024 * 1024;

export interface LogFile {
  path: string;
  /** For a child to write to directly: its last words arrive even if we are gone. */
  fd: number;
  /** The last line that says something, for a message; '' when there is none. */
  lastLine(): string;
  close(): void;
}

/**
 * Opens a log for appending, and keeps it within bounds: past 8 MB it is copied to `<path>.1` and emptied. Children hold it
 * open in append mode, so that they go on at its new end.
 */
export function openLog(path: string): LogFile {
  const fd = openSync(path, 'a');
  const rotate = () => {
    if (fstatSync(fd).size <= maxBytes) return;
    try {
      copyFileSync(path, `${path}.1`);
    } catch {
      rmSync(`${path}.1`, { force: true }); // no space for it, or its folder is gone: no reason to end
    }
    ftruncateSync(fd); // by its descriptor: somebody may have moved it away
  };
  rotate();
  const timer = setInterval(rotate, 2_000);
  timer.unref();
  return {
    path,
    fd,
    lastLine: () => (existsSync(path) ? lastMeaningful(readFileSync(path, 'utf8')) : ''),
    close() {
      clearInterval(timer);
      closeSync(fd);
    },
  };
}

/** Prefers the message of the last error over the frames of its stack. */
export function lastMeaningful(text: string): string {
  const lines = text
    .slice(-8_192)
    .split('\n')
    .map((line) => line.trim());
  const said = lines.filter((line) => line && !/^(at |Node\.js v|[{}^~]+$)/.test(line));
  return said.findLast((line) => /error/i.test(line)) ?? said.at(-1) ?? '';
}
