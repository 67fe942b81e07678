import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Json } from '../api.ts';
import { changed, type Changes } from './changes.ts';

/** One request, with placeholders in braces that the replay fills in. */
export interface Step {
  name: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** JSON, or text as it is sent; undefined for none. */
  body: unknown;
  /** Asked again until a review allows. */
  untilAllowed: boolean;
  /** Who owns which fields counts too. */
  managed: boolean;
}

/** Requests that follow each other, in a namespace of their own. */
export interface Scenario {
  /** The plural of a kind, or a topic. */
  name: string;
  steps: Step[];
  /** What others write into its object once it is there; paths. */
  volatile: string[];
}

const changes = z.record(z.string(), z.unknown());
const givenStep = z.strictObject({
  send: z.string().regex(/^[A-Z]+ [/{]/),
  object: changes.optional(),
  change: changes.optional(),
  body: z.unknown().optional(),
  text: z.string().optional(),
  type: z.string().default('json'),
  accept: z.string().optional(),
  as: z.string().optional(),
  header: z.record(z.string(), z.string()).default({}),
  until: z.literal('allowed').optional(),
  managed: z.boolean().default(false),
});
const givenSteps = z.record(z.string(), givenStep);
const givenKind = z.strictObject({
  in: z.string(),
  cluster: z.boolean().default(false),
  object: z.looseObject({ apiVersion: z.string(), kind: z.string() }),
  change: changes,
  invalid: z.record(z.string(), changes).default({}),
  fixed: z.record(z.string(), changes).default({}),
  volatile: z.array(z.string()).default([]),
  delete: z.boolean().default(true),
  steps: givenSteps.default({}),
  without: z.array(z.string()).default([]),
});
type GivenStep = z.infer<typeof givenStep>;
type GivenKind = z.infer<typeof givenKind>;

const types: Record<string, string> = {
  json: 'application/json',
  yaml: 'application/yaml',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  'json-patch': 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};
const accepted: Record<string, string> = {
  yaml: 'application/yaml',
  table: 'application/json;as=Table;g=meta.k8s.io;v=v1',
  partial: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'partial-list': 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
};
/** The server names a writer that names itself nowhere else by this. */
const USER_AGENT = 'oracle/1';
/** What is asked of an object that is gone as soon as it is deleted. */
const afterwards = ['absent-after-delete', 'delete-again', 'delete-collection'];

/** Every scenario of requests/: one a kind, one a topic. Throws what is wrong with the files. */
export function scenarios(): Scenario[] {
  const general = z.record(z.string(), z.union([z.literal("the kind's own"), givenStep])).parse(read('every-kind'));
  const kinds = z.record(z.string(), givenKind).parse(read('kinds'));
  const topics = z.record(z.string(), givenSteps).parse(read('topics'));
  return [
    ...Object.entries(kinds).map(([plural, kind]) => scenarioOf(plural, kind, general)),
    ...Object.entries(topics).map(([name, steps]) => ({
      name,
      volatile: [],
      steps: Object.entries(steps).map(([step, given]) => stepOf(step, given)),
    })),
  ];
}

function read(file: string): unknown {
  return parse(readFileSync(new URL(`./requests/${file}.yaml`, import.meta.url), 'utf8'));
}

function scenarioOf(plural: string, kind: GivenKind, general: Record<string, GivenStep | string>): Scenario {
  const all = kind.cluster ? `${kind.in}/${plural}` : `${kind.in}/namespaces/{ns}/${plural}`;
  const name = kind.cluster ? '{run}-web' : 'web';
  const object = { ...kind.object, metadata: { name, labels: { app: 'oracle', run: '{run}' } } };
  const places = (path: string) =>
    path.replace('{all}', all).replace('{one}', `${all}/${name}`).replace('{name}', name);
  const of = (step: string, { send, ...given }: GivenStep) =>
    stepOf(step, { ...given, send: places(send) }, object, kind.change);
  const ask = (send: string, change: Changes) => givenStep.parse({ send: `${send}?dryRun=All`, object: change });
  const own = [
    ...Object.entries(kind.invalid).map(([what, change]) =>
      of(`invalid-${what}`, ask('POST {all}', { 'metadata/name': '{run}-other', ...change })),
    ),
    ...Object.entries(kind.fixed).map(([what, change]) => of(`fixed-${what}`, ask('PUT {one}', change))),
    ...Object.entries(kind.steps).map(([what, given]) => of(`own-${what}`, given)),
  ];
  const steps = Object.entries(general).flatMap(([step, given]) =>
    typeof given === 'string' ? own : [of(step, given)],
  );
  const without = [...kind.without, ...(kind.delete ? [] : afterwards)];
  return { name: plural, volatile: kind.volatile, steps: steps.filter((step) => !without.includes(step.name)) };
}

function stepOf(name: string, given: GivenStep, object?: Json, change: Changes = {}): Step {
  const [method, path] = given.send.split(' ') as [string, string];
  const body = given.object
    ? changed(object, given.object)
    : given.change
      ? changed(object, { ...change, ...given.change })
      : (given.text ?? given.body);
  const { accept, as } = given;
  const headers = {
    'user-agent': USER_AGENT,
    'content-type': types[given.type] ?? given.type,
    accept: accept === undefined ? 'application/json' : (accepted[accept] ?? accept),
    ...(as && { 'impersonate-user': as }),
    ...given.header,
  };
  return { name, method, path, headers, body, untilAllowed: given.until === 'allowed', managed: given.managed };
}
