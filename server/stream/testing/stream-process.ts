import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { patterns } from '../../desired-state/patterns.ts';
import { createApp } from '../../http/app.ts';
import { AccessCode } from '../../http/door/access-code.ts';
import { Door } from '../../http/door/door.ts';
import { createListener } from '../../http/listener.ts';
import { readInPieces } from '../../http/small-reads.ts';
import { Marks } from '../../marks.ts';
import type { System } from '../../system.ts';
import { customerView } from '../../telemetry/customer.ts';
import { Telemetry } from '../../telemetry/telemetry.ts';
import { buildTopology } from '../../telemetry/topology.ts';
import { membersOf } from '../members-of.ts';
import { Stream } from '../stream.ts';
import { knownServices, largeShop } from './large-shop.ts';

// The doors of a lab server (pages' stream, API, telemetry) in a process of its own, so that its CPU and memory can be read.
// What is measured is real; the cluster behind it is a made-up shop. Arguments: services, edges.
// Sends its port; then, for each message, its CPU time in ms and how many pages there are.
const [services = 0, edges = 0] = process.argv.slice(2).map(Number);
const known = knownServices(largeShop(services, edges));
const telemetry = new Telemetry();
const shop = telemetry.scope('shop');
shop.setEntries(['gateway']);

let accepted = 0;
shop.onCustomerCall(({ outcome }) => (accepted += outcome === 'ok' ? 1 : 0));
const begun = Date.now();
const ledger = () => ({
  ...{ since: begun, countedAt: Math.floor(Date.now() / 1000) * 1000, accepted, failed: 0, chargedOnce: accepted },
  ...{ chargedTwice: 0, acceptedNeverCharged: 0, chargedNeverAccepted: 0, inDoubt: 0, oversold: 0 },
  ...{ toBePaid: 0, refunded: 0, mailsTwice: 0 },
});
const rooms = {
  telemetry: shop,
  cluster: () => ({
    ...{ name: 'embedded', connected: true, pods: 2 * known.length, problem: null },
    nodes: ['node-1', 'node-2', 'node-3'].map((name) => ({ name, ready: true })),
  }),
  topology: () => buildTopology(known, shop),
  customer: () => customerView(shop),
  faults: { list: () => [], blocked: false },
  patterns: {
    list: () =>
      patterns.map(({ options, ...pattern }) => ({
        ...{ ...pattern, options: options.map(({ id, label, summary }) => ({ id, label, summary })) },
        ...{ selected: pattern.default, idleWithout: [], rolling: false, lastSwitchMs: null },
      })),
    changes: () => [],
    drifts: () => [],
    problem: () => null,
  },
  ledger: { current: ledger, total: ledger },
  load: {
    view: () => ({ rate: shop.load()?.rate ?? 0, max: 500, sent: shop.load()?.sent ?? 0, dropped: 0 }),
  },
};
const members = () => membersOf(rooms, new Marks());
const system = {
  ...rooms,
  frame: () => ({ time: Date.now(), ...members(), lab: null, signals: shop.pointsSince(null).signals }),
} as unknown as System;

const onProblem = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
const door = new Door({ hosts: [], namespaces: ['shop'], code: new AccessCode('k7f3-9qmx-2bdt') });
const http = createServer(
  createListener({
    ...{ telemetry, door, onProblem },
    app: createApp(() => system, onProblem),
    metrics: { contentType: 'text/plain', text: async () => '' },
    unhealthy: () => null,
    page: async (_request, response) => void response.end(),
    git: () => Promise.reject(new Error('There is no git here.')),
  }),
);
http.keepAliveTimeout = 0; // a pod that reuses a connection as it is closed would lose a batch
readInPieces(http);
const stream = new Stream({
  ...{ http, door, members, telemetry: shop, onProblem },
  personal: () => ({ lab: null }),
});
http.listen(0, '127.0.0.1', () => process.send!({ port: (http.address() as AddressInfo).port }));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!({ cpuMs: (user + system) / 1000, pages: stream.pages });
});
process.on('disconnect', () => process.exit());
