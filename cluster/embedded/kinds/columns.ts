import type { LabelSelector } from './label-selector.ts';
import type { KubeObject, PodSpec } from './types.ts';

/** A column of `kubectl get`. */
export interface Column<T extends KubeObject = KubeObject> {
  name: string;
  type: 'string' | 'integer' | 'date';
  /** Only with `-o wide`. */
  wide?: boolean;
  /** `now` is unix time in ms. */
  cell: (object: T, now: number) => string | number | boolean;
}

export function column<T extends KubeObject>(name: string, cell: Column<T>['cell'], wide = false): Column<T> {
  return { name, type: 'string', cell, ...(wide && { wide }) };
}

export function count<T extends KubeObject>(name: string, cell: (object: T) => number | undefined): Column<T> {
  return { name, type: 'integer', cell: (object) => cell(object) ?? 0 };
}

/** The like where upstream calls the number a string. */
export function tally<T extends KubeObject>(name: string, cell: (object: T) => number | undefined): Column<T> {
  return { ...count(name, cell), type: 'string' };
}

export const nameColumn: Column = { name: 'Name', type: 'string', cell: (object) => object.metadata.name };

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  cell: (object, now) => since(object.metadata.creationTimestamp, now),
};

/** Time since an RFC 3339 timestamp as kubectl writes it: `5m12s`; `<unknown>` without one. */
export function since(timestamp: string | undefined, now: number): string {
  return timestamp ? humanDuration((now - Date.parse(timestamp)) / 1000) : '<unknown>';
}

/** A duration in s as kubectl writes it: two units where the second still tells something. */
export function humanDuration(duration: number): string {
  const seconds = Math.trunc(duration);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** `a=1,b=2`, `<none>` for nothing. */
export function labelsCell(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.sort().join(',') || '<none>';
}

/** `a,b,c + 2 more...` */
export function shorten(items: string[]): string {
  const more = items.length - 3;
  return items.slice(0, 3).join(',') + (more > 0 ? ` + ${more} more...` : '');
}

/** A label selector in kubectl's notation: `app=web,tier in (a,b)`. */
export function selectorText(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
  });
  return [...labels, ...expressions].sort().join(',');
}

/** The wide columns of everything with a pod template. */
export function templateColumns<T extends KubeObject>(spec: (object: T) => PodSpec | undefined): Column<T>[] {
  return [
    column('Containers', (object) => (spec(object)?.containers ?? []).map(({ name }) => name).join(','), true),
    column('Images', (object) => (spec(object)?.containers ?? []).map(({ image }) => image).join(','), true),
  ];
}
