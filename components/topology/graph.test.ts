import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Topology } from '../../server/contract/topology.ts';
import { sample, toPath } from './curve.ts';
import { curveOf, fromElkGraph, shapeOf, toElkGraph } from './graph.ts';

const topology = (services: string[], edges: string[]) =>
  ({
    services: services.map((name) => ({ name, rate: Math.random() })),
    edges: edges.map((id) => ({ id, source: id.split('>')[0], destination: id.split('>')[1] })),
  }) as unknown as Topology;

test('numbers do not move the drawing, services and edges do', () => {
  const before = topology(['gateway', 'orders'], ['gateway>orders']);
  assert.equal(shapeOf(before), shapeOf(topology(['gateway', 'orders'], ['gateway>orders'])));
  assert.notEqual(shapeOf(before), shapeOf(topology(['gateway', 'orders', 'bank'], ['gateway>orders'])));
});

test('an edge to a service that is not there is left out', () => {
  const graph = toElkGraph(topology(['gateway'], ['gateway>gone']));
  assert.equal(graph.children?.length, 1);
  assert.deepEqual(graph.edges, []);
});

test('splines become Bézier pieces, other sections straight ones', () => {
  const spline = curveOf({
    id: 's',
    startPoint: { x: 0, y: 0 },
    bendPoints: [
      { x: 1, y: 0 },
      { x: 2, y: 4 },
    ],
    endPoint: { x: 3, y: 4 },
  });
  assert.equal(toPath(spline), 'M0.0,0.0 C1.0,0.0 2.0,4.0 3.0,4.0');
  const line = curveOf({ id: 's', startPoint: { x: 0, y: 0 }, bendPoints: [{ x: 5, y: 0 }], endPoint: { x: 5, y: 5 } });
  assert.equal(line.length, 2);
});

test('samples lie at even distances from end to end', () => {
  const straight = curveOf({ id: 's', startPoint: { x: 0, y: 0 }, endPoint: { x: 10, y: 0 } });
  const xs = sample(straight, 5).map(({ x }) => Math.round(x * 10) / 10);
  assert.deepEqual(xs, [0, 2.5, 5, 7.5, 10]);
});

test('a service that nobody calls yet is held beside other callees, by an edge that is not drawn', () => {
  const graph = toElkGraph(topology(['gateway', 'orders', 'users'], ['gateway>orders']));
  const held = graph.edges?.find(({ targets }) => targets[0] === 'users:in');
  assert.deepEqual(held?.sources, ['gateway:out']);
  const section = { id: 's', startPoint: { x: 0, y: 0 }, endPoint: { x: 1, y: 0 } };
  const drawn = fromElkGraph({ ...graph, edges: graph.edges?.map((edge) => ({ ...edge, sections: [section] })) });
  assert.deepEqual(
    drawn.edges.map(({ id }) => id),
    ['gateway>orders'],
  );
});
