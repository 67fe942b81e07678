import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../embedded/kinds/types.ts';
import { CannotHitError, type PodProcesses, type Surroundings } from './driver.ts';
import { podProcesses } from './pod-processes.ts';

const pod = (name: string) => ({ metadata: { name, uid: `uid-${name}` } }) as Pod;
const order = (...pods: Pod[]) => ({ id: 'f', what: { type: 'freeze' }, pods, destinations: [], remainingMs: 5_000 });

/** Who runs the processes, with what it was told. */
function at(processes: Partial<PodProcesses>) {
  const told: string[] = [];
  const kubelet: PodProcesses = {
    begin: async ({ remainingMs }, { metadata }) => void told.push(`begin ${metadata.name} ${remainingMs}`),
    end: async (_id, butOn) => void told.push(`end but on ${[...(butOn ?? [])].join()}`),
    acting: async () => ['f'],
    onReading: () => undefined,
    ...processes,
  };
  return {
    told,
    driver: podProcesses.start({ processes: kubelet, report: () => undefined } as unknown as Surroundings),
  };
}

test('it begins on the pods that were chosen, with what is left of the lease, and ends on all others', async () => {
  const { told, driver } = at({});
  assert.deepEqual(await driver.carryOut(order(pod('a'), pod('b'))), []);
  assert.deepEqual(told, ['begin a 5000', 'begin b 5000', 'end but on uid-a,uid-b']);
});

test('who cannot be acted on is named with the reason, and the others are hit', async () => {
  const begin: PodProcesses['begin'] = async (_fault, { metadata }) => {
    if (metadata.name === 'b') throw new Error('it is starting');
    if (metadata.name === 'c') throw new CannotHitError('it is no program of Node');
  };
  const { driver } = at({ begin });
  const unreached = await driver.carryOut(order(pod('a'), pod('b'), pod('c')));
  assert.deepEqual(unreached, [
    { pod: 'b', why: 'the kubelet: it is starting', forGood: false },
    { pod: 'c', why: 'it is no program of Node', forGood: true },
  ]);
});

test('one who does not answer holds nothing up, and is silent', async () => {
  const never = () => new Promise<never>(() => undefined);
  const { driver } = at({ end: never, acting: never });
  const since = performance.now();
  const [silent, acting] = await Promise.all([driver.undo('f', []), driver.acting([])]);
  assert.deepEqual([silent, acting], [['the kubelet'], { ids: [], silent: ['the kubelet'] }]);
  assert.ok(performance.now() - since < 1_000);
});

test('what makes no sense on a pod is refused with the reason', () => {
  const spec = { containers: [{ name: 'main' }] };
  const why = (type: string) => podProcesses.cannotHit({ spec }, { type });
  assert.match(why('memory-leak')!, /none of its containers has a memory limit/);
  assert.match(why('failing-readiness')!, /readiness probe/);
  assert.match(why('disk-full')!, /volume that it could write to/);
  assert.deepEqual([why('freeze'), why('cpu-hog'), why('slow-start')], [null, null, null]);
});
