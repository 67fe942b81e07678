import type { Container } from '../kinds/types.ts';
import { execInContainer } from './exec.ts';
import { httpGet } from './http-get.ts';
import type { ProbedContainer } from './probe-check.ts';
import { sleep } from './sleep.ts';

type Handler = NonNullable<NonNullable<Container['lifecycle']>['postStart']>;

/**
 * Runs a hook of a container, until it is through or the signal aborts. Rejects when it has failed. Of an http hook any answer will do, and
 * tcpSocket is one that fails: both as upstream.
 */
export async function runHook(handler: Handler, hooked: ProbedContainer, signal: AbortSignal): Promise<void> {
  const { container, view, ip, dial, processes } = hooked;
  if (handler.exec) {
    const { process: child, exited, kill } = await execInContainer(view, handler.exec.command ?? [], processes);
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    child.stdin.end();
    signal.addEventListener('abort', kill, { once: true });
    const { exitCode } = await exited;
    signal.removeEventListener('abort', kill);
    if (exitCode !== 0) throw new Error(`command terminated with exit code ${exitCode}`);
  } else if (handler.httpGet) await httpGet(handler.httpGet, container, ip, dial, signal);
  else if (handler.sleep) await sleep(handler.sleep.seconds * 1000, signal);
  else throw new Error('invalid handler: it has none of exec, httpGet and sleep');
}
