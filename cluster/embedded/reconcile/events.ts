import type { Api } from '../apiserver/api.ts';
import type { KindName, KubeObject } from '../kinds/types.ts';
import { isDiskFull, isNamespaceEnding, isNotFound } from './api-errors.ts';

/** Writes the Events that `kubectl describe` shows. */
export interface EventRecorder {
  /** Never throws and never waits: an Event is for people, nothing may depend on it. */
  event(subject: EventSubject, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Resolves when all events so far are written. */
  flush(): Promise<void>;
}

export interface EventSubject {
  /** As read from the API, which gives it its apiVersion and kind; a caller who knows better says so. */
  object: KubeObject;
  apiVersion?: string;
  kind?: KindName;
  /** `spec.containers{name}`, where it is about one container. */
  fieldPath?: string;
}

/** The same event again within this time raises the count of the first one. */
const aggregateMs = 10 * 60_000;

/**
 * @param component who reports: `kubelet`, `deployment-controller` ...
 * @param host the node it reports from, if any
 */
export function startEventRecorder(api: Api, component: string, host?: string): EventRecorder {
  const recent = new Map<string, { name: string; count: number; at: number }>();
  let last: Promise<void> = Promise.resolve();
  let serial = 0;

  async function write(subject: EventSubject, type: string, reason: string, message: string, at: Date): Promise<void> {
    const { metadata } = subject.object;
    const namespace = metadata.namespace ?? 'default';
    const key = [metadata.uid, subject.fieldPath, type, reason, message].join('\n');
    const time = at.toISOString();
    const seen = recent.get(key);
    if (seen && at.getTime() - seen.at < aggregateMs) {
      seen.count += 1;
      seen.at = at.getTime();
      try {
        await api.patch('Event', seen.name, namespace, { count: seen.count, lastTimestamp: time });
        return;
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    serial += 1;
    const name = `${metadata.name}.${at.getTime().toString(16)}${serial.toString(16).padStart(4, '0')}`;
    recent.set(key, { name, count: 1, at: at.getTime() });
    for (const [old, { at: then }] of recent) if (at.getTime() - then > aggregateMs) recent.delete(old);
    await api.create('Event', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: subject.apiVersion ?? subject.object.apiVersion,
        kind: subject.kind ?? subject.object.kind,
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
        fieldPath: subject.fieldPath,
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
      source: { component, host },
      reportingComponent: component,
      reportingInstance: host ?? '',
    });
  }

  return {
    event(subject, type, reason, message) {
      const at = new Date();
      last = last
        .then(() => write(subject, type, reason, message, at))
        .catch((error: unknown) => {
          // Everything in it ends, and that is told of objects which nobody can look at any more.
          if (isNamespaceEnding(error)) return;
          console.error(
            `event ${reason} of ${subject.object.metadata.name} is lost:`,
            isDiskFull(error) ? error.message : error,
          );
        });
    },
    flush: () => last,
  };
}
