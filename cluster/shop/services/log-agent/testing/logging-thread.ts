import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { agentPipe } from '../../../service/agent-pipe.ts';

/**
 * Something that logs synchronously: in a thread of its own, for it stands still while it does. Answers what hands over a line, and resolves with
 * the time that took, in ms.
 */
export function loggingThread(t: TestContext, folder: string): (line: string) => Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: folder });
  t.after(() => worker.terminate());
  return async (line) => {
    worker.postMessage(line);
    const [ms] = (await once(worker, 'message')) as [number];
    return ms;
  };
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const handOver = agentPipe(workerData as string);
  port.on('message', (line: string) => {
    const began = performance.now();
    handOver(line);
    port.postMessage(performance.now() - began);
  });
}
