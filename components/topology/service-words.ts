import type { Health, PodView, ServiceView } from '../../server/contract/topology.ts';
import type { Load } from '../../server/contract/frame.ts';
import { decimal, duration, plural, rate } from '../ui/quantity.ts';
import { poolWords } from './pool-words.ts';
import { longestQueue, queueWords } from './queue-words.ts';

/** Each health has a sign of its own, so that colour is never alone. */
export const healthSign: Record<Health, string> = { ok: '✓', warn: '!', bad: '✕', idle: '–' };

export const healthWord: Record<Health, string> = { ok: 'healthy', warn: 'strained', bad: 'failing', idle: 'idle' };

/** The sign in a card's corner: what a service is, where it is well and not an ordinary one. */
export function cardSign(service: ServiceView): string {
  if (service.health === 'ok' || service.health === 'idle') {
    if (service.role === 'load') return '▸';
    if (service.role === 'database') return '▤';
    if (service.role === 'broker') return '⇶';
    if (service.role === 'object-store') return '▣';
  }
  return healthSign[service.health];
}

/** The line under a service's name. */
export function trafficLine(service: ServiceView, load: Load | null): string {
  if (service.role === 'load') return `${decimal(load?.sent ?? service.rate)} req/s`;
  if (service.role === 'database') return `${decimal(service.rate)} q/s`;
  if (service.role === 'broker') return `${decimal(service.rate)} msg/s`;
  return service.rate === 0 ? 'no calls' : `${rate(service.rate)} · ${duration(service.p95)}`;
}

/** The last line of a card. */
export function podsLine(service: ServiceView, load: Load | null): string {
  if (service.reason && service.health !== 'ok') return service.reason;
  if (service.role === 'load' && load && load.dropped > 0) return `${decimal(load.dropped)}/s given up`;
  return longestQueue(service.queues) ?? plural(service.pods.length, 'pod');
}

export function readyPods(pods: readonly PodView[]): string {
  return `${pods.filter(({ state }) => state === 'ready').length} of ${plural(pods.length, 'pod')} ready`;
}

const kindWords: Record<ServiceView['role'], string> = {
  ...{ load: '', service: '', database: '', 'third-party': ', a third party' },
  ...{ broker: ', a message broker', 'object-store': ', an object store' },
};

/** The whole card in one sentence, for those who do not see it. */
export function describeService(service: ServiceView): string {
  const why = service.reason ? `, ${service.reason}` : '';
  const traffic = service.errorRatio === null ? 'no calls' : `${rate(service.rate)}, p95 ${duration(service.p95)}`;
  const pools = service.pools.map((pool) => `, ${pool.name} ${poolWords(pool)}`).join('');
  const queues = service.queues.map((queue) => `, queue ${queue.name}: ${queueWords(queue)}`).join('');
  return `${service.name}${kindWords[service.role]}: ${healthWord[service.health]}${why}, ${traffic}, ${readyPods(service.pods)}${pools}${queues}`;
}
