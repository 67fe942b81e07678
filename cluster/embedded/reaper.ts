import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Ends processes that must not outlive their owner. A small shell waits on its stdin, which only the owner holds open;
 * when the owner dies, however busy, stopped or killed it is, the kernel closes that pipe and the shell kills everything
 * on the last list it was given. It is not a Node process, so `killall node` does not take it along.
 *
 *   owner ── one line per change: "4711 4720 4733" ──▶ sh ── on end of file: SIGKILL ──▶ process groups and their trees
 */
export interface Reaper {
  /** Process id of the shell now on duty. */
  readonly pid: number | undefined;
  /** Has a process group (by its leader's pid) end with the owner, with every descendant of the leader. */
  add(group: number): void;
  delete(group: number): void;
  /** Dismisses the shell without harm to the groups still listed. */
  close(): Promise<void>;
  /** Dismisses the shell, which ends first what is still listed. */
  end(): Promise<void>;
}

/**
 * Of a POSIX shell: stops the processes `$todo` and all that they have started, whose pids are in `$all` then. A process that calls setsid()
 * leaves its parent's group (each backend of PostgreSQL does), hence the walk down the tree. Each is stopped before its children are
 * read, so none can fork unseen. The kernel lists children under /proc; where there is no /proc, ps does.
 */
export const stopTrees = `
all=
while [ -n "$todo" ]; do
  next=
  for p in $todo; do
    kill -STOP -$p; kill -STOP $p
    all="$all $p"
    if [ -d /proc/self/task ]; then
      for list in /proc/$p/task/*/children; do
        children=
        read -r children < $list
        next="$next $children"
      done
    else
      next="$next $(ps -A -o ppid= -o pid= | while read -r parent child; do [ $parent = $p ] && echo $child; done)"
    fi
  done
  todo=$next
done
`;

const script = `
trap '' HUP INT TERM
groups=
while IFS= read -r line; do groups=$line; done
[ "$groups" = dismissed ] && exit
todo=$groups
${stopTrees}for p in $all; do kill -KILL -$p; kill -KILL $p; done
[ -n "$1" ] || exit
for file in $(grep -laF -- "$1" /proc/[0-9]*/environ); do
  p=\${file#/proc/}
  todo="$todo \${p%/environ}"
done
${stopTrees}for p in $all; do kill -KILL -$p; kill -KILL $p; done
`;

/** A shell that dies sooner than this is not started again at once, so that a broken machine is not kept busy. */
const shortLifeMs = 200;

/**
 * Starts a reaper. If its shell is killed, the next one takes over at once with the same list.
 *
 * @param mark what stands in the environment of all that is to end with the owner: it takes along who was never listed, as one whose start
 * the owner did not live to see, and daemons. Nobody is found so where there is no /proc
 */
export function startReaper(mark = ''): Reaper {
  const groups = new Set<number>();
  let closed = false;
  let shell = start();

  function start(): ChildProcess {
    const startedAt = Date.now();
    const child = spawn('sh', ['-c', script, 'reaper', mark], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // A write to a shell that has just died; its exit, below, brings the next one the whole list.
    child.stdin!.on('error', () => {});
    child.once('error', (cause) => {
      throw new Error('The reaper needs the program sh, which could not be started. Is it on the PATH?', { cause });
    });
    child.once('exit', () => {
      if (closed) return;
      const wait = Date.now() - startedAt < shortLifeMs ? shortLifeMs : 0;
      setTimeout(() => {
        if (!closed) shell = start();
      }, wait);
    });
    // It must not keep its owner alive.
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    child.stdin!.write(`${[...groups].join(' ')}\n`);
    return child;
  }

  const send = () => {
    shell.stdin!.write(`${[...groups].join(' ')}\n`);
  };

  return {
    get pid() {
      return shell.pid;
    },
    add(group) {
      groups.add(group);
      send();
    },
    delete(group) {
      if (groups.delete(group)) send();
    },
    close: () => dismiss('dismissed\n'),
    end: () => dismiss(''),
  };

  /** @param last what it is told at last; '' leaves it with the list it has */
  function dismiss(last: string): Promise<void> {
    closed = true;
    const gone = new Promise<void>((resolve) => {
      if (shell.exitCode !== null || shell.signalCode !== null) resolve();
      else shell.once('exit', () => resolve());
    });
    shell.ref();
    shell.stdin!.end(last);
    return gone;
  }
}
