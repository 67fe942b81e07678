import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { Api, type Answer, type Json } from '../api.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { normalise, type NormalAnswer } from './normalise.ts';
import type { Scenario, Step } from './request-list.ts';

/** Scenarios at once. */
const AT_ONCE = 4;
/** How often a review is asked that should allow something, and the pause between, in ms: authorizers learn of roles a moment later. */
const REVIEWS = 50;
const PAUSE = 100;
/** How long an answer may take, in ms: one that never ends is a request that should not be on the list. */
const LONGEST = 20_000;

/** `scenario/step` -> what was answered. */
export type Answers = Map<string, NormalAnswer>;

/** Sends the requests of all scenarios to the cluster of a kubeconfig. Leaves nothing there but namespaces on their way out. */
export async function replay(kubeconfig: string, scenarios: Scenario[]): Promise<Answers> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = new Api(config);
  const run = `oracle-${[...randomBytes(6)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`;
  const answers: Answers = new Map();
  const left = [...scenarios];
  const work = async () => {
    for (let scenario = left.shift(); scenario; scenario = left.shift()) {
      for (const [step, answer] of await replayOne(api, run, scenario)) answers.set(`${scenario.name}/${step}`, answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

async function replayOne(api: Api, run: string, scenario: Scenario): Promise<Map<string, NormalAnswer>> {
  const ns = `${run}-${scenario.name}`;
  ok(await api.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns } }));
  for (const start of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt']) {
    await eventually(`the namespace has its ${start}`, async () => {
      return (await api.get(`/api/v1/namespaces/${ns}/${start}`)).status === 200;
    });
  }
  const places: Record<string, string> = {
    ...{ ns, run },
    core: `/api/v1/namespaces/${ns}`,
    apps: `/apis/apps/v1/namespaces/${ns}`,
    batch: `/apis/batch/v1/namespaces/${ns}`,
  };
  const bodies: Record<string, Json> = {};
  const fill = (text: string) =>
    text.replace(/\{([a-z][\w-]*(?:\.\w+)*)\}/g, (whole, place: string) => {
      const [step, ...fields] = place.split('.');
      if (fields.length === 0) return places[place] ?? whole;
      return String(fields.reduce((at, field) => at?.[field], bodies[step!]));
    });
  const answers = new Map<string, NormalAnswer>();
  for (const step of scenario.steps) {
    const answer = await send(api, step, fill);
    bodies[step.name] = answer.body;
    answers.set(step.name, normalise(answer, { run, volatile: scenario.volatile, managed: step.managed }));
  }
  await api.delete(`/api/v1/namespaces/${ns}`);
  for (const path of new Set(scenario.steps.map(({ path }) => fill(path)))) {
    // Whatever has no namespace goes by itself.
    if (path.endsWith(`/${run}-web`)) await api.delete(path);
  }
  return answers;
}

async function send(api: Api, step: Step, fill: (text: string) => string): Promise<Answer> {
  const { method, path, headers, body } = step;
  const text = body === undefined ? undefined : fill(typeof body === 'string' ? body : JSON.stringify(body));
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
  for (let asked = 1; ; asked++) {
    const answer = await Promise.race([
      api.send(method, fill(path), { body: text, headers: filled }),
      delay(LONGEST, undefined, { ref: false }).then(() => {
        throw new Error(`there is no answer to ${step.name} (${method} ${fill(path)})`);
      }),
    ]);
    if (!step.untilAllowed || answer.body?.status?.allowed || asked === REVIEWS) return answer;
    await delay(PAUSE);
  }
}
