import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../client/cluster.ts';
import { activeAtBank, bankEvidence, recoverBank, tellBank } from './bank-behaviour.ts';
import type { Lease } from './fault.ts';

const lease: Lease = {
  ...{ id: 'slow-1', fault: 'bank-slow', target: 'bank', parameters: { delayMs: 1, percent: 1 } },
  ...{ startedAt: 1, endsAt: 2 },
};

/** Bank pods that answer as the bank does, or hang until their request is given up. */
class Pods {
  readonly asked: string[] = [];
  readonly ready = new Map([['bank-1', true]]);
  readonly hanging = new Set<string>();
  readonly givesUp = Promise.withResolvers<never>();

  get cluster(): Cluster {
    const list = () =>
      [...this.ready].map(([name, ready]) => ({
        metadata: { name, labels: { app: 'bank' } },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
      }));
    const http = async (pod: string, _port: number, { method }: { method: string }) => {
      this.asked.push(`${method} ${pod}`);
      if (this.hanging.has(pod)) return this.givesUp.promise;
      const told = { ...lease, delayed: 3, failed: 0 };
      return { status: 200, body: JSON.stringify(method === 'DELETE' ? { ended: told } : { faults: [told] }) };
    };
    return { view: { pods: { list } }, http } as unknown as Cluster;
  }
}

function oneHangs(): Pods {
  const pods = new Pods();
  pods.ready.set('bank-2', true);
  pods.hanging.add('bank-2');
  pods.givesUp.promise.catch(() => undefined);
  return pods;
}

test('a pod that hangs is named, and keeps no other from answering', async () => {
  const pods = oneHangs();
  pods.givesUp.reject(new Error('no answer'));
  assert.deepEqual(await activeAtBank(pods.cluster, 'bank-slow'), { leases: [lease], silent: ['bank-2'] });
  assert.deepEqual(await activeAtBank(pods.cluster, 'bank-failing'), { leases: [], silent: ['bank-2'] });
  assert.deepEqual(await bankEvidence(pods.cluster, lease), [
    { counter: 'bank-1', delayed: 3, failed: 0, pods: ['bank-1'] },
  ]);
});

test('an end that a pod does not hear of has failed, and reaches the others', async () => {
  const pods = oneHangs();
  pods.givesUp.reject(new Error('no answer'));
  await assert.rejects(recoverBank(pods.cluster, lease), /no answer/);
  assert.deepEqual(pods.asked, ['DELETE bank-1', 'DELETE bank-2']);
});

test('an end answers with what each pod has counted', async () => {
  const pods = new Pods();
  assert.deepEqual(await recoverBank(pods.cluster, lease), [
    { counter: 'bank-1', delayed: 3, failed: 0, pods: ['bank-1'] },
  ]);
});

test('the silence of a pod that was not ready when it was asked is no failure, but is told of', async () => {
  const pods = oneHangs();
  pods.ready.set('bank-2', false);
  pods.givesUp.reject(new Error('no answer'));
  await tellBank(pods.cluster, lease);
  assert.deepEqual((await activeAtBank(pods.cluster, 'bank-slow')).silent, ['bank-2']);
});

test('the silence of a pod that is gone by now is no failure', async () => {
  const pods = oneHangs();
  const telling = tellBank(pods.cluster, lease);
  pods.ready.delete('bank-2');
  pods.givesUp.reject(new Error('no answer'));
  await telling;
});

test('an end that a pod does not hear of has failed, though it is found not ready for that very reason', async () => {
  const pods = oneHangs();
  const ending = recoverBank(pods.cluster, lease);
  pods.ready.set('bank-2', false);
  pods.givesUp.reject(new Error('no answer'));
  await assert.rejects(ending, /no answer/);
});

test('telling the bank is not over while a pod may still be told', async () => {
  const pods = oneHangs();
  let over = false;
  const telling = tellBank(pods.cluster, lease).catch(() => (over = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(over, false);
  pods.givesUp.reject(new Error('no answer'));
  await telling;
  assert.equal(over, true);
});
