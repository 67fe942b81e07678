import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drawAhead } from './draw-ahead.ts';
import { overlap, placeLabels, type Box } from './edge-labels.ts';
import { CARD, type Placement } from './graph.ts';
import { shopShape } from './shop.ts';

/** Each pair of what covers each other: two labels, or a label and a card. */
function covered(placement: Placement, labels: Map<string, Box>): string[] {
  const middles = placement.services.map(({ name, x, y }): [string, Box] => {
    return [name, { x: x + CARD.width / 2, y: y + CARD.height / 2, ...CARD }];
  });
  const all = [...labels];
  return all.flatMap(([id, box], i) =>
    [...middles, ...all.slice(i + 1)].filter(([, other]) => overlap(box, other) > 0).map(([other]) => `${id} ${other}`),
  );
}

describe('the words of the edges of the shop', async () => {
  const shop = await drawAhead();
  const outside = ['bank'];

  test('cover neither each other nor a card, at their longest', () => {
    const labels = placeLabels(shop, { breakers: [], outside });
    assert.equal(labels.size, shop.edges.length);
    assert.deepEqual(covered(shop, labels), []);
  });

  test('nor with a breaker on any of the calls between services', () => {
    for (const { id } of shopShape().edges.filter(({ protocol }) => protocol === 'http'))
      assert.deepEqual(covered(shop, placeLabels(shop, { breakers: [id], outside })), [], id);
  });

  test('stand at their own edge', () => {
    const labels = placeLabels(shop, { breakers: [], outside });
    for (const { id, curve } of shop.edges) {
      const { x, y } = labels.get(id)!;
      const ends = [curve[0]![0], curve.at(-1)![3]];
      assert.ok(x >= ends[0]!.x && x <= ends[1]!.x, id);
      const ys = curve.flatMap((piece) => piece.map((point) => point.y));
      assert.ok(y >= Math.min(...ys) - CARD.height && y <= Math.max(...ys) + CARD.height, id);
    }
  });
});

test('where there is no free place, the one that covers least is taken', () => {
  const line = [
    { x: 138, y: 37 },
    { x: 138, y: 37 },
    { x: 150, y: 37 },
    { x: 150, y: 37 },
  ] as Placement['edges'][number]['curve'][number];
  const services = [-100, 0, 100].flatMap((y) => [0, 150].map((x) => ({ name: `${x} ${y}`, x, y })));
  const edges = [{ id: 'a>b', source: '0 0', destination: '150 0', curve: [line] }];
  const labels = placeLabels({ services, edges }, { breakers: [], outside: [] });
  assert.equal(labels.size, 1);
  assert.ok(Math.abs(labels.get('a>b')!.y - 37) > CARD.height / 2, 'between two rows less is covered than on one');
});
