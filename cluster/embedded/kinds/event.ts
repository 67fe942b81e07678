import { column, since, type Column } from './columns.ts';
import { defineKind } from './kind.ts';
import type { Event } from './types.ts';

const about = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

export const event = defineKind<Event>({
  group: '',
  kind: 'Event',
  shortNames: ['ev'],
  namespaced: true,
  names: 'path',
  createOnUpdate: true,
  fields: {
    ...Object.fromEntries(
      about.map((part) => [`involvedObject.${part}`, (event: Event) => event.involvedObject[part] ?? '']),
    ),
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? '',
    source: (event) => event.source?.component || event.reportingComponent || '',
    type: (event) => event.type ?? '',
  },
  columns: [
    column('Last Seen', (event, now) => since(lastSeen(event), now)),
    column('Type', (event) => event.type ?? ''),
    column('Reason', (event) => event.reason ?? ''),
    column(
      'Object',
      ({ involvedObject }) => `${(involvedObject.kind ?? '').toLowerCase()}/${involvedObject.name ?? ''}`,
    ),
    column('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? '', true),
    column('Source', source, true),
    column('Message', (event) => (event.message ?? '').trim()),
    column('First Seen', (event, now) => since(firstSeen(event), now), true),
    { name: 'Count', type: 'string', wide: true, cell: (event) => event.series?.count ?? event.count ?? 1 },
    column('Name', ({ metadata }) => metadata.name, true),
  ] satisfies Column<Event>[],

  validate(event, errors) {
    if (!event.involvedObject) return;
    const about = event.involvedObject.namespace;
    // Events of objects without a namespace live in `default`.
    if (about ? about !== event.metadata.namespace : event.metadata.namespace !== 'default') {
      errors.invalid('involvedObject.namespace', about ?? '', 'does not match event.namespace');
    }
  },
});

function lastSeen(event: Event): string | undefined {
  return event.series?.lastObservedTime ?? event.lastTimestamp ?? firstSeen(event);
}

function firstSeen(event: Event): string | undefined {
  return event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
}

function source(event: Event): string {
  const component = event.source?.component || event.reportingComponent || '';
  const host = event.source?.host || event.reportingInstance || '';
  return [component, host].filter(Boolean).join(', ');
}
