import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../kinds/types.ts';
import { Simulation, type Behaviour } from './testing/simulation.ts';

const preStop = { preStop: { sleep: { seconds: 1 } } };
const container = (more: Partial<Container> = {}): Container => ({ name: 'main', image: 'node:24', ...more });

/** Runs for ten seconds, is deleted with this grace, and then for long; what was seen from the deletion on, with times from there. */
function deleted(graceSeconds: number, behaviour: Behaviour, more: Partial<Container> = {}): string[] {
  const simulation = new Simulation({ containers: [container(more)] }, { main: behaviour });
  simulation.pass(10);
  const before = simulation.seen.length;
  simulation.delete(graceSeconds);
  simulation.pass(600);
  return simulation.seen.slice(before).map((line) => {
    const [at, ...rest] = line.split(' ');
    return `${Math.round(Number(at) * 1000 - 10_000) / 1000} ${rest.join(' ')}`;
  });
}

test('a container is asked to end, and the pod goes when it has', () => {
  assert.deepEqual(deleted(30, { drainsMs: 1500 }), [
    '0 Deleted',
    '0 main: terminate',
    '0 main: signal',
    '1.5 main: exit 0',
    '1.5 release',
  ]);
});

const kills = (seen: string[]) => seen.filter((line) => /signal|kill/.test(line));
const stubborn = (takesMs: number): Behaviour => ({ drainsMs: Infinity, hooks: { preStop: { takesMs } } });

test('one that does not go is killed when its grace is over', () => {
  assert.deepEqual(kills(deleted(30, { drainsMs: Infinity })), ['0 main: signal', '30 main: kill']);
});

test('a grace below two seconds is two', () => {
  assert.deepEqual(kills(deleted(1, { drainsMs: Infinity })), ['0 main: signal', '2 main: kill']);
});

test('the grace counts from the deletion, preStop included', () => {
  const seen = deleted(30, stubborn(10_000), { lifecycle: preStop });
  assert.deepEqual(kills(seen), ['10 main: signal', '30 main: kill']);
});

test('of preStop whole seconds count', () => {
  const seen = deleted(30, stubborn(10_700), { lifecycle: preStop });
  assert.deepEqual(kills(seen), ['10.7 main: signal', '30.7 main: kill']);
});

test('a preStop that uses the grace up leaves two seconds', () => {
  const seen = deleted(10, stubborn(9_500), { lifecycle: preStop });
  assert.deepEqual(kills(seen), ['9.5 main: signal', '11.5 main: kill']);
});

test('a preStop that takes longer than the grace is given up', () => {
  const seen = deleted(10, stubborn(Infinity), { lifecycle: preStop });
  assert.deepEqual(kills(seen), ['10 main: signal', '12 main: kill']);
});

test('a second deletion with less time leaves that', () => {
  const simulation = new Simulation({ containers: [container()] }, { main: { drainsMs: Infinity } });
  simulation.pass(10);
  simulation.delete(600);
  simulation.pass(5);
  simulation.delete(5);
  simulation.pass(10);
  assert.deepEqual(kills(simulation.seen), ['10 main: signal', '20 main: kill']);
});

const deadly = { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 1 };

test('liveness does not end a container whose preStop runs', () => {
  const lifecycle = preStop;
  const behaviour: Behaviour = {
    probe: (_, since) => ({ isWell: since < 10_500 }),
    hooks: { preStop: { takesMs: 20_000 } },
  };
  const seen = deleted(60, behaviour, { lifecycle, livenessProbe: deadly });
  assert.deepEqual(seen, ['0 Deleted', '0 main: terminate', '20 main: signal', '20 main: exit 0', '20 release']);
});

test('readiness is still asked while a container drains', () => {
  const behaviour: Behaviour = { drainsMs: 20_000, probe: (_, since) => ({ isWell: since < 12_500 }) };
  const seen = deleted(60, behaviour, { readinessProbe: deadly });
  assert.ok(seen.includes('3 main: readinessProbe failed'), seen.join('\n'));
});

test('a probe’s own grace counts for the end it brings about', () => {
  const livenessProbe = { ...deadly, terminationGracePeriodSeconds: 5 };
  const simulation = new Simulation(
    { terminationGracePeriodSeconds: 600, containers: [container({ livenessProbe })] },
    { main: { drainsMs: Infinity, probe: (_, since) => ({ isWell: since < 9_500 }) } },
  );
  simulation.pass(20);
  assert.deepEqual(kills(simulation.seen), ['10 main: signal', '15 main: kill']);
  assert.equal(simulation.record('main').restartCount, 1);
});

test('a failed postStart ends the container, and brings a restart', () => {
  const lifecycle = { postStart: { exec: { command: ['false'] } } };
  const simulation = new Simulation(
    { containers: [container({ lifecycle })] },
    { main: { hooks: { postStart: { takesMs: 3000, isWell: false } } } },
  );
  simulation.pass(2);
  assert.equal(simulation.state('main'), 'ContainerCreating');
  assert.equal(simulation.status.phase, 'Pending');
  simulation.pass(1.5);
  assert.deepEqual(simulation.seen, [
    '0 main: start',
    '3 main: terminate',
    '3 main: signal',
    '3 main: exit 0',
    '3 main: start',
  ]);
  assert.equal(simulation.record('main').restartCount, 1);
});

test('the next container is started once the postStart of the one before is through', () => {
  const lifecycle = { postStart: { exec: { command: ['true'] } } };
  const containers = [container({ lifecycle }), container({ name: 'other' })];
  const simulation = new Simulation({ containers }, { main: { hooks: { postStart: { takesMs: 3000 } } } });
  simulation.pass(5);
  assert.deepEqual(simulation.seen, ['0 main: start', '3 other: start']);
  assert.equal(simulation.status.phase, 'Running');
});

test('an evicted pod has a second of grace whatever it asks for, has failed, and is not started again', () => {
  const spec = { restartPolicy: 'Always', terminationGracePeriodSeconds: 300, containers: [container()] };
  const simulation = new Simulation(spec, { main: { drainsMs: 500 } });
  simulation.pass(10);
  simulation.evict('too much');
  assert.equal(simulation.status.phase, 'Running');
  simulation.pass(600);
  const { phase, reason, message } = simulation.status;
  assert.deepEqual({ phase, reason, message }, { phase: 'Failed', reason: 'Evicted', message: 'too much' });
  assert.deepEqual(simulation.seen.slice(-5), [
    '10 Failed',
    '10 main: terminate',
    '10 main: signal',
    '10.5 main: exit 0',
    '10.5 release',
  ]);
});
