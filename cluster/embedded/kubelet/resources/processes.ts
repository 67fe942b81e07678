import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** All processes of this machine, as they were at one moment. */
export interface Processes {
  /** A process and all that it has started. */
  tree(leader: number): number[];
  /** CPU time in ms that a process has used, with that of its children that have ended and been waited for. */
  cpuOf(pid: number): number;
  /**
   * Bytes that a process holds for itself, Buffers included. Pages of files, shared with everybody else who runs the same program, do not
   * count: they would not count against a container's limit either, after the first one.
   */
  bytesOf(pid: number): number;
}

export async function readProcesses(): Promise<Processes> {
  return process.platform === 'linux' ? fromProc() : await fromPs();
}

/** Linux counts CPU time in ticks of this many ms for whoever reads /proc, whatever the kernel's own clock is (USER_HZ). */
const TICK_MS = 10;

function fromProc(): Processes {
  const cpu = new Map<number, number>();
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readOrGone(`/proc/${entry}/stat`);
    // The second field, the name, may hold spaces and parentheses; what follows its last one starts with field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.length < 15) continue;
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
    parents.set(Number(entry), Number(fields[1]));
    cpu.set(Number(entry), (utime! + stime! + cutime! + cstime!) * TICK_MS);
  }
  return { tree: treeOf(parents), cpuOf: (pid) => cpu.get(pid) ?? 0, bytesOf: bytesFromProc };
}

/** The like of `Processes.bytesOf` at this very moment, where there is /proc. */
export function bytesFromProc(pid: number): number {
  return Number(/^RssAnon:\s+(\d+)/m.exec(readOrGone(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** '' of a process that is gone. */
function readOrGone(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

/** Where there is no /proc: one `ps` for all, beside the API's thread. */
async function fromPs(): Promise<Processes> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=']);
  return fromPsOutput(stdout);
}

export function fromPsOutput(output: string): Processes {
  const rows = output
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const byPid = new Map(rows.map(([pid, ppid, rss, time]) => [Number(pid), { ppid, rss, time }]));
  return {
    tree: treeOf(new Map([...byPid].map(([pid, { ppid }]) => [pid, Number(ppid)]))),
    cpuOf: (pid) => cpuTime(byPid.get(pid)?.time ?? ''),
    bytesOf: (pid) => Number(byPid.get(pid)?.rss ?? 0) * 1024,
  };
}

/** `[[days-]hours:]minutes:seconds[.hundredths]` in ms. */
function cpuTime(text: string): number {
  const [, days = '0', rest = ''] = /^(?:(\d+)-)?(.*)$/.exec(text)!;
  const seconds = rest.split(':').reduce((total, part) => total * 60 + Number(part || 0), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

function treeOf(parents: Map<number, number>): (leader: number) => number[] {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), pid]);
  return (leader) => {
    const found = [leader];
    for (let todo = [leader]; todo.length > 0;) {
      todo = todo.flatMap((pid) => children.get(pid) ?? []);
      found.push(...todo);
    }
    return found;
  };
}
