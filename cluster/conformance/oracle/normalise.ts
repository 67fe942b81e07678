import { parse } from 'yaml';
import type { Answer, Json } from '../api.ts';
import { withoutPaths } from './changes.ts';

/** What of an answer is the same on every cluster that is right. */
export interface NormalAnswer {
  code: number;
  /** Where it is not JSON. */
  type?: string;
  warnings?: string[];
  /** Headers that clients act on. */
  headers?: Record<string, string>;
  body: Json;
}

/** What others than the clients of the requests write into an object's annotations. */
const CONTROLLERS_NOTES = /^(control-plane\.alpha\.kubernetes\.io|autoscaling\.alpha\.kubernetes\.io)\//;

export interface NormalOptions {
  /** What all names of the run begin with. */
  run: string;
  /** Paths of what others write into the object, left out unless the answer is a creation; `cells/Status` is a column of a Table. */
  volatile: string[];
  /** Whether metadata.managedFields stays. */
  managed: boolean;
}

/**
 * An answer without what differs from run to run: identities, versions, times, generated names, addresses that the server has
 * chosen; without descriptions, and without Warnings that only the embedded cluster gives, for what a manifest says in vain there.
 */
export function normalise({ status, headers, text }: Answer, { run, volatile, managed }: NormalOptions): NormalAnswer {
  const type = headers['content-type'];
  const plain = text
    .replaceAll(run, 'RUN')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UID')
    .replace(/\b20(?!20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|\b22\d\d-[-\d:T]+Z/g, 'TIME')
    .replace(/\b10\.96\.\d+\.\d+\b(?!\/)/g, 'ADDRESS')
    .replace(/\b(kube-api-access-|web-|Bad_)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1XXXXX')
    .replace(/-----BEGIN CERTIFICATE-----.*-----END CERTIFICATE-----/g, 'CERTIFICATE');
  const body = bodyOf(plain, type);
  clean(body, managed);
  const columns = volatile.flatMap((path) => (path.startsWith('cells/') ? path.slice(6) : []));
  if (body?.kind === 'Table') blank(body, columns);
  for (const object of [body, ...(Array.isArray(body?.items) ? body.items : [])]) {
    if (status !== 201 && object && object.kind !== 'Status') withoutPaths(object, volatile);
  }
  const acted = ['allow', 'retry-after', 'www-authenticate'].flatMap((name) =>
    headers[name] ? [[name, String(headers[name])] as const] : [],
  );
  const warnings = warningsOf(headers.warning);
  return {
    code: status,
    ...(type !== 'application/json' && { type }),
    ...(warnings.length > 0 && { warnings }),
    ...(acted.length > 0 && { headers: Object.fromEntries(acted) }),
    body,
  };
}

function bodyOf(text: string, type = ''): Json {
  if (type.startsWith('application/yaml')) return parse(text);
  if (!type.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Several may come in one header: `299 - "a", 299 - "b"`. */
function warningsOf(header: string | string[] | undefined): string[] {
  const all = [
    ...[header ?? []]
      .flat()
      .join(', ')
      .matchAll(/299 - "((?:[^"\\]|\\.)*)"/g),
  ].map(([, text]) => text!.replace(/\\(.)/g, '$1'));
  return all.filter((text) => !text.includes('has no effect in this cluster'));
}

function clean(value: Json, managed: boolean): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) clean(part, managed);
  for (const [field, text] of Object.entries(value))
    if (field === 'message') value.message = cleanMessage(String(text));
  if (Array.isArray(value.causes)) value.causes.sort((a: Json, b: Json) => (textOf(a) < textOf(b) ? -1 : 1));
  if (typeof value.resourceVersion === 'string' && /^[1-9]\d*$/.test(value.resourceVersion))
    value.resourceVersion = 'VERSION';
  if (typeof value.continue === 'string') value.continue = 'CONTINUE';
  if (typeof value.token === 'string' && value.token.split('.').length === 3) value.token = 'TOKEN';
  if (typeof value.nodePort === 'number') value.nodePort = 'PORT';
  if (value.kind === 'Table') cleanTable(value);
  if (value.metadata) cleanMetadata(value.metadata, managed);
}

/** Without the versions it tells of, and without the whole object that a patch would have made. */
function cleanMessage(message: string): string {
  return (
    message
      .replace(/(ResourceVersion in[^:(]*?(?:: | \()|current: )\d+/g, '$1VERSION')
      .replace(/^( "" is invalid: patch: )?Invalid value: "\{.*\}": /s, '$1Invalid value: OBJECT: ')
      // What a pod was and would be, as Go prints it.
      .replace(/\n@@ -\d.*?(?=, spec\.|\]?$)/gs, '')
  );
}

/** Causes come in no certain order. */
function textOf({ field, message }: Json): string {
  return `${field} ${message}`;
}

function cleanMetadata(metadata: Json, managed: boolean): void {
  const { managedFields, annotations } = metadata;
  if (!managed) delete metadata.managedFields;
  else if (managedFields?.[0]?.manager) {
    // Controllers write when they get to it; who asks has another name than theirs.
    const ours = managedFields.filter(({ manager }: Json) => /^(oracle|kubectl|debug|agent|a$)/.test(manager));
    // By the second of its time, which may be the same.
    metadata.managedFields = ours.sort((a: Json, b: Json) => (idOf(a) < idOf(b) ? -1 : 1));
  }
  for (const name of Object.keys(annotations ?? {})) if (CONTROLLERS_NOTES.test(name)) delete annotations[name];
}

function idOf({ manager, operation, subresource }: Json): string {
  return `${operation} ${manager} ${subresource}`;
}

/** Leaves out what stands in some columns of a Table. */
function blank({ columnDefinitions, rows }: Json, columns: string[]): void {
  for (const [index, { name }] of (columnDefinitions ?? []).entries()) {
    if (columns.includes(name)) for (const { cells } of rows) cells[index] = '';
  }
}

function cleanTable({ columnDefinitions, rows }: Json): void {
  for (const column of columnDefinitions ?? []) delete column.description;
  const names: string[] = (columnDefinitions ?? []).map(({ name }: Json) => name);
  for (const { cells } of rows ?? []) {
    for (const [index, name] of names.entries()) {
      if (['Age', 'Last Seen', 'First Seen', 'Duration'].includes(name)) cells[index] = 'AGE';
      if (name === 'Port(s)') cells[index] = cells[index].replace(/:3\d{4}\//, ':PORT/');
    }
  }
}
