import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Load } from '../../contract/frame.ts';
import { CodedError } from '../../errors.ts';
import { Faults, type FaultsCluster } from '../../faults/faults.ts';
import { FaultCluster } from '../../faults/testing/fault-cluster.ts';
import { History } from '../../history/history.ts';
import { Marks } from '../../marks.ts';
import { LabDesk } from '../../session/lab-desk.ts';
import { LabShelf } from '../../session/lab-shelf.ts';
import { membersOf } from '../../stream/members-of.ts';
import type { System } from '../../system.ts';
import { customerView } from '../../telemetry/customer.ts';
import type { ScopeTelemetry } from '../../telemetry/scope-telemetry.ts';
import { Telemetry } from '../../telemetry/telemetry.ts';
import { createApp } from '../app.ts';
import { AccessCode } from '../door/access-code.ts';
import { Door } from '../door/door.ts';
import { createListener } from '../listener.ts';
import type { PageHandler } from '../page.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * The API on a real socket, before a system that is small but acts: faults start and end, switches are remembered.
 *
 * @param clock of the telemetry. By default it stands still, so that what differs between two answers was changed by a request
 */
export async function startApi({
  clock = standing(),
  page = thePage,
}: { clock?: () => number; page?: PageHandler } = {}) {
  const problems: unknown[] = [];
  const received = new Telemetry({ clock });
  const telemetry = received.scope('shop');
  const world = await FaultCluster.open();
  const small = await smallSystem(received, telemetry, world.cluster).catch(async (error: unknown) => {
    await world.close(); // or the test would not end
    throw error;
  });
  let system: System | null = small;
  const app = createApp(
    () => {
      if (!system) throw new CodedError('starting', 'The lab is starting.');
      return system;
    },
    (error) => problems.push(error),
  );
  const door = new Door({ hosts: ['lab.example'], namespaces: ['shop'], code: new AccessCode('k7f3-9qmx-2bdt') });
  const server = createServer(
    createListener({
      app,
      telemetry: received,
      metrics: { contentType: 'application/openmetrics-text', text: async () => '# EOF\n' },
      unhealthy: () => (system ? null : 'The shop has not accepted an order yet.'),
      page,
      door,
      git: () => Promise.reject(new CodedError('git-missing', 'No git here.')),
      onProblem: (error) => problems.push(error),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function ask(method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}) {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise<Answer>((resolve, reject) => {
      const request = httpRequest({ port, host: '127.0.0.1', method, path, headers: { ...type, ...headers } });
      let answered = false;
      // A server that refuses a body half-sent may reset the connection after its answer.
      request.once('error', (error) => answered || reject(error));
      request.once('response', (response) => {
        answered = true;
        const { statusCode: status = 0, headers } = response;
        text(response).then((body) => resolve({ status, headers, body }), reject);
      });
      request.end(body);
    });
  }

  return {
    ask,
    port,
    app,
    problems,
    system: small,
    stopSystem: () => (system = null),
    json: async (method: string, path: string, body?: unknown) => {
      const cookie = `breakwater-participant=${'ada'.padEnd(22, '-')}`;
      const answer = await ask(method, path, body === undefined ? undefined : JSON.stringify(body), { cookie });
      return { status: answer.status, body: JSON.parse(answer.body) };
    },
    async close() {
      small.faults.close();
      await world.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function thePage(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.end('the page');
}

function standing(): () => number {
  const now = Date.now();
  return () => now;
}

async function smallSystem(scopes: Telemetry, telemetry: ScopeTelemetry, faultCluster: FaultsCluster): Promise<System> {
  const marks = new Marks();
  const onProblem = (error: unknown) => {
    throw error;
  };
  let rate = 50;
  const load = (): Load => ({ rate, max: 500, sent: rate, dropped: 0 });
  const selected = new Map([['timeout', 'none']]);
  const topology = () => ({ services: [], edges: [], problem: null });
  const cluster = () => ({ name: 'embedded', connected: true, nodes: [], pods: 0, problem: null });
  const options = ['none', '500ms'].map((id) => ({ id, label: id, summary: `${id}.` }));
  const list = () => [
    {
      ...{ id: 'timeout', title: 'Timeout', place: 'payments → bank', summary: 's', cost: 'c', whenNot: 'n', options },
      ...{
        default: 'none',
        selected: selected.get('timeout')!,
        number: null,
        idleWithout: [],
        rolling: false,
        lastSwitchMs: null,
      },
    },
  ];
  const check = (pattern: string, option: string) => {
    if (!selected.has(pattern)) throw new CodedError('unknown-pattern', `There is no pattern "${pattern}".`);
    if (!options.some(({ id }) => id === option)) throw new CodedError('unknown-option', `No option "${option}".`);
  };
  const commit = { id: 'c0ffee'.padEnd(40, '0'), parent: null, title: 'Start', author: 'ada', at: 1 };
  const rooms: Omit<System, 'frame' | 'labs' | 'history'> = {
    telemetry,
    scopes,
    git: { answer: () => Promise.reject(new CodedError('git-missing', 'No git here.')) },
    customer: () => customerView(telemetry),
    faults: new Faults({ cluster: faultCluster, marks, onProblem }),
    patterns: {
      list,
      changes: () => [],
      problem: () => null,
      async selectAll(selections) {
        for (const [pattern, option] of Object.entries(selections)) check(pattern, option);
        for (const pattern of selected.keys()) selected.set(pattern, selections[pattern] ?? options[0]!.id);
        return [];
      },
      preview: async (pattern, option) => (check(pattern, option), '+ diff'),
      manifests: () => 'kind: Namespace\n',
      policyCheck: () => ({ enforced: false, policies: [] }),
      sync: () => ({
        ...{ revision: commit, applied: true, selfHeals: true, namespace: 'shop' },
        objects: [
          {
            ...{ object: 'Deployment/payments', namespace: 'shop', sync: 'out of sync' },
            drift: [{ field: 'spec.replicas', desired: '2', live: null }],
            health: { state: 'under way', reason: '1 of 2 pods are new' },
          },
        ],
      }),
      commits: () => [commit],
      drifts: () => [
        { id: 'drift-1', object: 'Deployment/payments', fields: ['spec.replicas'], by: 'kubectl-scale', at: 1 },
      ],
      async revert(id) {
        if (id !== commit.id) throw new CodedError('unknown-commit', `There is no commit ${id}.`);
        return { ...commit, title: `Revert "${commit.title}"` };
      },
      async select(pattern, option) {
        check(pattern, option);
        const from = selected.get(pattern)!;
        selected.set(pattern, option);
        return { pattern, from, to: option, diff: '+ diff', commit: 'c0ffee', at: 1 };
      },
    },
    load: {
      view: load,
      keep: () => undefined,
      async set(wanted) {
        if (wanted > 500) throw new CodedError('out-of-range', 'The rate must be from 0 to 500.');
        rate = wanted;
        return load();
      },
    },
    ledger: { total: () => null, paidAfter: () => null },
    cluster,
    topology,
    events: () => [],
    logAgents: {
      read: async () => ({ collection: 'none', delivery: null, agents: [], total: null, pods: 0, problem: null }),
    },
  };
  const shelf = await new LabShelf(join(import.meta.dirname, '../../../labs')).open();
  const history = new History({
    state: () => ({ topology: topology(), faults: rooms.faults.list(), load: load(), ledger: null }),
    onProblem,
  });
  history.record();
  const members = { ...rooms, history, labs: new LabDesk(rooms, { shelf, onProblem }) };
  const frame = (participant: string) => ({
    ...{ time: 1, ...membersOf(members, marks), lab: members.labs.current(participant) },
    signals: telemetry.pointsSince(null).signals,
  });
  return { ...members, frame };
}
