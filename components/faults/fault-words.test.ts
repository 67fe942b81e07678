import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActiveFault, FaultKind } from '../../server/contract/faults.ts';
import {
  endedLine,
  evidenceLine,
  isOnePod,
  parametersLine,
  proofWords,
  shareWords,
  startValues,
  targetNow,
  targetOf,
} from './fault-words.ts';

const kind: FaultKind = {
  id: 'bank-slow',
  title: 'Slow dependency',
  category: 'dependency',
  summary: '',
  targetKind: 'service',
  targets: ['bank'],
  otherTargets: [],
  share: '100%',
  counted: 'call',
  reason: null,
  parameters: [{ name: 'delayMs', label: 'Latency', unit: 'ms', min: 0, max: 10_000, default: 3000 }],
  duration: { default: 60, max: 900 },
};

test('parameters are named as the catalogue names them, with units', () => {
  const fault = { parameters: { delayMs: 3000 } } as unknown as ActiveFault;
  assert.equal(parametersLine(fault, kind), 'Latency 3\u00a0000 ms');
  assert.equal(parametersLine(fault, undefined), 'delayMs 3\u00a0000');
});

test('evidence says what was counted, and that nothing was', () => {
  assert.equal(
    evidenceLine({ delayed: 412, failed: 1, dropped: 2, killed: 3, sent: 40, pods: ['bank-1'], changes: [] }, 'active'),
    '412 calls delayed, 1 call failed, 2 connections dropped, 3 killed, 40 sent on top, 1 pod hit',
  );
  const nothing = { delayed: 0, failed: 0, dropped: 0, killed: 0, sent: 0, pods: [], changes: [] };
  assert.equal(evidenceLine({ ...nothing, failed: 2 }, 'active', 'probe'), '2 probes failed');
  assert.equal(
    evidenceLine({ ...nothing, changes: ['orders: spec.replicas 1 → 0'] }, 'active'),
    'orders: spec.replicas 1 → 0',
  );
  assert.equal(evidenceLine(nothing, 'active'), 'No call has met it yet');
  assert.equal(evidenceLine(nothing, 'ended'), 'No call met it');
});

test('a blast radius is told in pods', () => {
  const words = ['100%', 'one', '2', '50%'].map(shareWords);
  assert.deepEqual(words, ['all pods', 'one pod', '2 pods', '50 % of the pods']);
});

test('an ended fault says how it ended', () => {
  const startedAt = new Date(2026, 0, 1, 16, 2, 31).getTime();
  const fault = { startedAt, endsAt: startedAt + 60_000, endedBy: 'lease' } as ActiveFault;
  assert.equal(endedLine(fault), 'ended by itself at 16:03:31');
  assert.equal(endedLine({ ...fault, endedBy: 'stop' }), 'stopped before its time');
  assert.equal(endedLine({ ...fault, endsAt: startedAt }), 'at 16:02:31');
  const failed = { ...fault, endedBy: null, reason: 'no pod of bank is there' };
  assert.equal(endedLine(failed), 'did not act: no pod of bank is there');
});

test('only an answer that leaves nothing is told as proof', () => {
  assert.equal(proofWords({ stopped: ['slow-1'], remaining: [], blocked: true }).title, 'All faults are stopped');
  assert.equal(proofWords(null).title, 'New faults are blocked');
  const partly = proofWords({ stopped: ['slow-1'], remaining: ['slow-2', 'bank-1 (no answer)'], blocked: true });
  assert.equal(partly.title, 'Not everything is stopped');
  assert.match(partly.detail, /^1 fault stopped. Not proven gone: slow-2, bank-1 \(no answer\)\./);
});

test('a form begins with the defaults', () => {
  assert.deepEqual(startValues(kind.parameters), { delayMs: 3000 });
});

test('a selected service stands for one of its pods where a pod is asked for', () => {
  const kill: FaultKind = { ...kind, targetKind: 'pod', targets: ['orders-7c-x1', 'payments-5d-a2'] };
  assert.equal(targetOf(kill, 'payments'), 'payments-5d-a2');
  assert.equal(targetOf(kill, 'payments-5d-gone'), 'payments-5d-a2');
  assert.equal(targetOf(kill, 'auth'), null);
  assert.equal(targetOf(kind, 'bank'), 'bank');
  assert.equal(targetOf(kind, 'orders'), null);
});

test('a target is what was chosen last, in the form or in the topology, and never one that is gone', () => {
  const kill: FaultKind = { ...kind, targetKind: 'pod', targets: ['orders-7c-x1', 'payments-5d-a2', 'payments-5d-b3'] };
  const chosen = { target: 'payments-5d-b3', under: '' };
  assert.equal(targetNow(kill, '', chosen), 'payments-5d-b3');
  assert.equal(targetNow(kill, 'payments', chosen), 'payments-5d-a2');
  assert.equal(targetNow(kill, 'payments', { ...chosen, under: 'payments' }), 'payments-5d-b3');
  assert.equal(targetNow(kill, 'orders>payments', chosen), 'payments-5d-b3');
  assert.equal(targetNow({ ...kill, targets: [] }, '', chosen), '');
});

test('once the chosen pod is gone, only another pod of its service takes its place', () => {
  const kill: FaultKind = { ...kind, targetKind: 'pod', targets: ['auth-1', 'catalog-a', 'catalog-b'] };
  for (const selection of ['', 'catalog', 'auth']) {
    const chosen = { target: 'catalog-a', under: selection };
    assert.equal(targetNow({ ...kill, targets: ['auth-1', 'catalog-b'] }, selection, chosen), 'catalog-b');
    assert.equal(targetNow({ ...kill, targets: ['auth-1'] }, selection, chosen), '');
  }
});

test('a selected service without a pod is no reason to hit another', () => {
  const kill: FaultKind = { ...kind, targetKind: 'pod', targets: ['auth-1'] };
  assert.equal(targetNow(kill, 'catalog', { target: '', under: '' }), '');
  assert.equal(targetNow(kill, 'catalog', { target: 'auth-1', under: '' }), '');
});

test('without a choice it is the first target there is', () => {
  assert.equal(targetNow(kind, '', { target: '', under: '' }), 'bank');
  assert.equal(targetNow(kind, 'orders', { target: '', under: '' }), 'bank');
});

test('a service or a node that was chosen in place of a pod is the target, and may be many pods', () => {
  const otherTargets: FaultKind['otherTargets'] = [
    { kind: 'service', names: ['catalog'] },
    { kind: 'node', names: ['node-2'] },
  ];
  const kill: FaultKind = { ...kind, targetKind: 'pod', targets: ['catalog-a'], otherTargets };
  for (const target of ['node-2', 'catalog']) {
    assert.equal(targetNow(kill, '', { target, under: '' }), target);
    assert.equal(isOnePod(kill, target), false);
  }
  assert.equal(targetNow(kill, 'catalog', { target: 'node-2', under: '' }), 'catalog-a');
  assert.equal(isOnePod(kill, 'catalog-a'), true);
});
