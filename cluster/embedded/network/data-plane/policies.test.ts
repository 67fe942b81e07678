import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodPolicy, PolicyRule } from '../pod-network.ts';
import { Policies } from './policies.ts';

const web = { uid: 'web', ip: '10.244.1.2' };
const db = { uid: 'db', ip: '10.244.1.3' };
const other = { uid: 'other', ip: '10.244.2.4' };
const outside = { ip: '192.0.2.7' };
const machine = { uid: '', ip: '10.240.0.1' };
const peers = (...pods: string[]): PolicyRule => ({ peers: { pods, blocks: [] }, ports: null });

function policies(...table: PodPolicy[]) {
  const all = new Policies();
  all.set(table);
  return all;
}

test('a pod that no policy selects is open, in the direction that none is about too', () => {
  const all = policies({ pods: ['db'], ingress: [] });
  assert.ok(all.allow(web, other, 80));
  assert.ok(all.allow(db, web, 80));
  assert.ok(!all.allow(web, db, 80));
});

test('what any of the policies of a pod permits comes through', () => {
  const all = policies({ pods: ['db'], ingress: [] }, { pods: ['db'], ingress: [peers('web')] });
  assert.ok(all.allow(web, db, 80));
  assert.ok(!all.allow(other, db, 80));
});

test('both ends have to permit it', () => {
  const all = policies({ pods: ['db'], ingress: [peers('web')] }, { pods: ['web'], egress: [peers('other')] });
  assert.ok(!all.allow(web, db, 80));
  assert.ok(all.allow(web, other, 80));
});

test('a pod reaches itself, and the machine reaches every pod', () => {
  const all = policies({ pods: ['db'], ingress: [], egress: [] });
  assert.ok(all.allow(db, db, 80));
  assert.ok(all.allow(machine, db, 80));
});

test('an address is permitted by its block, except where that has a hole', () => {
  const blocks = [{ cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] }];
  const all = policies({ pods: ['web'], egress: [{ peers: { pods: [], blocks }, ports: null }] });
  assert.ok(all.allow(web, outside, 443));
  assert.ok(!all.allow(web, { ip: '192.0.2.200' }, 443));
  assert.ok(!all.allow(web, { ip: '198.51.100.1' }, 443));
});

test('ports are a range, or the number that a name has in the pod called', () => {
  const ports = [{ from: 8000, to: 8099 }, { byPod: { db: 5432, other: 9 } }];
  const all = policies({ pods: ['db', 'other'], ingress: [{ peers: null, ports }] });
  assert.deepEqual(
    [8000, 8099, 8100, 5432, 9].map((port) => all.allow(web, db, port)),
    [true, true, false, true, false],
  );
});
