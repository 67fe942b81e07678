import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceView, Topology } from '../../../server/contract/topology.ts';
import { signalOf } from '../chart-definition.ts';
import { inFlight } from './in-flight.ts';

const service = (name: string, part: Partial<ServiceView>) =>
  ({ name, entry: false, inFlight: 3, ...part }) as ServiceView;
const topology: Topology = {
  services: [service('store', { inFlight: null }), service('front', { entry: true }), service('back', {})],
  edges: [],
  problem: null,
};

test('requests in flight are drawn of the selected service, else of where customers enter', () => {
  assert.equal(signalOf(inFlight, topology, 'back'), 'back');
  assert.equal(signalOf(inFlight, topology, ''), 'front');
  assert.equal(signalOf(inFlight, topology, 'front>back'), 'front', 'an edge has none in flight');
  assert.equal(signalOf(inFlight, topology, 'store'), 'front', 'nor has what does not report it');
});

test('of nobody where nobody reports', () => {
  assert.equal(signalOf(inFlight, { ...topology, services: [] }, ''), null);
  assert.equal(signalOf(inFlight, null, 'back'), null);
});
