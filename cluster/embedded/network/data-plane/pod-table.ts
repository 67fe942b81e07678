import type { PodRecord } from '../messages.ts';
import type { PodProcess } from './pod-process.ts';

/** A pod on the network: what the cluster said of it, and the processes of it that speak to us. */
export class Pod {
  record: PodRecord;
  readonly processes = new Set<PodProcess>();

  constructor(record: PodRecord) {
    this.record = record;
  }

  /** The loopback port behind a port of the pod; `loopback` also finds what listens on the pod's own localhost only. */
  realPort(port: number, { loopback }: { loopback: boolean }): number | undefined {
    for (const process of this.processes) {
      const listener = process.listeners.get(port);
      if (listener && (loopback || !listener.loopback)) return listener.realPort;
    }
    return this.record.published.find(([podPort]) => podPort === port)?.[1];
  }

  isPublished(port: number): boolean {
    return this.record.published.some(([podPort]) => podPort === port);
  }
}

export class PodTable {
  #pods = new Map<string, Pod>();

  /** Replaces the table; returns the pods that are no longer in it. */
  set(records: PodRecord[]): Pod[] {
    const before = this.#pods;
    this.#pods = new Map();
    for (const record of records) {
      const pod = before.get(record.uid) ?? new Pod(record);
      pod.record = record;
      this.#pods.set(record.uid, pod);
    }
    return [...before.values()].filter((pod) => !this.#pods.has(pod.record.uid));
  }

  all(): Pod[] {
    return [...this.#pods.values()];
  }

  byUid(uid: string): Pod | undefined {
    return this.#pods.get(uid);
  }

  byIp(ip: string): Pod | undefined {
    return this.all().find((pod) => pod.record.ip === ip);
  }

  byToken(token: string): Pod | undefined {
    return this.all().find((pod) => pod.record.token === token);
  }
}
