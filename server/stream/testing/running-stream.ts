import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { largeShop } from './large-shop.ts';
import { ShopTraffic } from './shop-traffic.ts';

export interface RunningStream {
  url: string;
  pid: number;
  /** Of the telemetry that feeds it. */
  traffic: ShopTraffic;
  /** CPU time of its process so far, in ms, and how many pages it has. */
  ask(): Promise<{ cpuMs: number; pages: number }>;
  /** Ends it, and the telemetry. */
  close(): Promise<void>;
}

export interface StreamedShop {
  services: number;
  edges: number;
  /** Requests of customers a second. */
  rate: number;
}

/** Starts the doors of a lab server in a process of its own, and feeds it with a shop's telemetry. */
export async function runStream({ services, edges, rate }: StreamedShop): Promise<RunningStream> {
  const child = fork(
    new URL('./stream-process.ts', import.meta.url),
    [services, edges].map(String),
    // As the product runs its lab server.
    { execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'] },
  );
  const answer = async <T>(): Promise<T> => ((await once(child, 'message')) as [T])[0];
  const { port } = await answer<{ port: number }>();
  const url = `http://127.0.0.1:${port}`;
  const traffic = new ShopTraffic(url, largeShop(services, edges), rate);
  return {
    ...{ url, traffic, pid: child.pid! },
    ask() {
      child.send('how is it');
      return answer();
    },
    async close() {
      traffic.stop();
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Memory of a process, in MB: now, or the most since `forgetPeak`. Linux only. */
export function residentMb(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
