import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerCommand } from './container-command.ts';

const mounts = [{ mountPath: '/scratch', directory: '/home/volumes/scratch', readOnly: false }];

test('a program that is not Node is given the paths of volumes as they are on this machine', () => {
  const command = ['cat', '-n', '/scratch/a b', '/scratch', '/scratching', '/scratch/../etc', 'scratch'];
  assert.deepEqual(containerCommand(mounts, command), [
    ...['cat', '-n', '/home/volumes/scratch/a b', '/home/volumes/scratch'],
    ...['/scratching', '/scratch/../etc', 'scratch'],
  ]);
});

test('a name that begins with two dots leads nowhere else', () => {
  const command = ['cat', '/scratch/..data/color', '/scratch/..'];
  assert.deepEqual(containerCommand(mounts, command), ['cat', '/home/volumes/scratch/..data/color', '/scratch/..']);
});

test('a program of Node, and one without volumes, is left as it is', () => {
  const [node, cat] = [
    ['node', '-e', '', '/scratch/a'],
    ['cat', '/scratch/a'],
  ];
  assert.deepEqual(containerCommand(mounts, node!), node);
  assert.deepEqual(containerCommand([], cat!), cat);
});

test('the tar of kubectl cp is one that sees volumes, every other is the machine’s', () => {
  assert.equal(containerCommand(mounts, ['tar', 'cf', '-', '/scratch/a'])[0], 'node');
  assert.equal(containerCommand(mounts, ['tar', '-xmf', '-', '-C', '/scratch'])[0], 'node');
  assert.deepEqual(containerCommand(mounts, ['tar', 'tf', '/scratch/a']), ['tar', 'tf', '/home/volumes/scratch/a']);
});
