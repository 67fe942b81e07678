import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../api.ts';
import type { NormalAnswer } from './normalise.ts';
import type { Answers } from './replay.ts';

const folder = new URL('./recorded/', import.meta.url);
/** A part whose JSON is at least as long, and stood before, is only referred to. */
const REFERRED = 60;

/** What every Status that refuses has besides its code. */
const refusal = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };

/**
 * Writes what a real API server answered: a file a scenario, a line a request. `{"same":"create/body/spec"}` is what stands at that
 * place of an earlier answer, and `refusal` the body of a Status without what is the same in each. `version` is the server's.
 */
export function writeRecording(answers: Answers, version: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const files = Map.groupBy([...answers], ([request]) => request.split('/')[0]!);
  for (const [scenario, those] of files) {
    const places = new Map<string, string>();
    const lines = those.map(([request, answer]) => {
      const step = request.slice(scenario.length + 1);
      const own = new Map<string, string>();
      const line = refer(shortened(answer), step, places, own);
      for (const [text, place] of own) places.set(text, place);
      return JSON.stringify({ request: step, ...line });
    });
    writeFileSync(new URL(`${scenario}.jsonl`, folder), `${lines.join('\n')}\n`);
  }
  writeFileSync(new URL('server.json', folder), `{ "version": "${version}" }\n`);
}

export function readRecording(): Answers {
  const answers: Answers = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    const before: Record<string, Json> = {};
    for (const text of readFileSync(new URL(file, folder), 'utf8').trim().split('\n')) {
      const { request, ...line } = JSON.parse(text) as Json;
      before[request] = resolve(line, before);
      answers.set(`${file.replace('.jsonl', '')}/${request}`, lengthened(before[request]));
    }
  }
  return answers;
}

/** @param places JSON of a part -> where it stood first, in earlier answers; `own` is for this one's */
function refer(value: Json, at: string, places: Map<string, string>, own: Map<string, string>): Json {
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  if (text.length >= REFERRED) {
    const same = places.get(text);
    if (same !== undefined) return { same };
    own.set(text, at);
  }
  if (Array.isArray(value)) return value.map((item, index) => refer(item, `${at}/${index}`, places, own));
  const parts = Object.entries(value).map(([field, part]) => {
    return [field, refer(part, `${at}/${field.replaceAll('/', '~1')}`, places, own)];
  });
  return Object.fromEntries(parts);
}

function resolve(value: Json, before: Record<string, Json>): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.same === 'string') {
    const fields = (value.same as string).split('/').map((field) => field.replaceAll('~1', '/'));
    return fields.reduce((at: Json, field) => at[field], before);
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, before));
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, resolve(part, before)]));
}

function shortened({ body, ...answer }: NormalAnswer): Json {
  const full = { ...refusal, code: answer.code };
  const isRefusal = Object.entries(full).every(([field, value]) => isDeepStrictEqual(body?.[field], value));
  if (!isRefusal) return { ...answer, body };
  return { ...answer, refusal: Object.fromEntries(Object.entries(body).filter(([field]) => !(field in full))) };
}

function lengthened(line: Json): NormalAnswer {
  if (!('refusal' in line)) return line;
  const { refusal: rest, ...answer } = line;
  return { ...answer, body: { ...refusal, ...rest, code: answer.code } };
}
