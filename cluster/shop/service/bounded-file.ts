import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A full file becomes the older one, and the older one before goes, as a kubelet does with its logs. */
const maxBytes = 2 * 2 ** 20;

/** Appends lines to a file that another container of the pod reads, and waits for nobody. */
export function boundedFile(path: string, limit = maxBytes): (line: string) => void {
  let file: number | undefined;

  function append(line: string): void {
    file ??= openSync(path, 'a', 0o600);
    writeSync(file, line);
    // Asked each time: others of the container may write to it too.
    if (fstatSync(file).size < limit) return;
    closeSync(file);
    file = undefined;
    renameSync(path, `${path}.1`);
  }

  return (line) => {
    try {
      append(line);
    } catch {
      // A full disk, or a folder that is gone: the line is on standard output, and the service goes on.
    }
  };
}
