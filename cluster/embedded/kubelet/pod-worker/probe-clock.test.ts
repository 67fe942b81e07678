import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../kinds/types.ts';
import { Simulation, type Behaviour } from './testing/simulation.ts';

type Probe = NonNullable<Container['readinessProbe']>;
const probe = (more: Partial<Probe>): Probe => ({ tcpSocket: { port: 80 }, ...more });
const failures = ({ seen }: Simulation) => seen.filter((line) => /Probe failed|terminate/.test(line));

function run(container: Partial<Container>, behaviour: Behaviour): Simulation {
  const main = { name: 'main', image: 'node:24', ...container };
  return new Simulation({ containers: [main] }, { main: behaviour });
}

/** How often a probe looks, by the time after the start. */
function looks(container: Partial<Container>, isWell: (since: number) => boolean, seconds: number): number[] {
  const at: number[] = [];
  const simulation = run(container, {
    probe: (_, since) => {
      at.push(since / 1000);
      return { isWell: isWell(since) };
    },
  });
  simulation.pass(seconds);
  return at;
}

test('before its first success a probe looks ten times a second, after it once a period', () => {
  const at = looks({ readinessProbe: probe({ periodSeconds: 5 }) }, (since) => since >= 300, 21);
  assert.deepEqual(at, [0, 0.1, 0.2, 0.3, 5, 10, 15, 20]);
});

test('it first looks after initialDelaySeconds, and its periods count from there', () => {
  const readinessProbe = probe({ initialDelaySeconds: 2, periodSeconds: 5 });
  assert.deepEqual(
    looks({ readinessProbe }, () => true, 13),
    [2, 7, 12],
  );
});

test('failures before the first success count once a period, so the threshold keeps its meaning', () => {
  const livenessProbe = probe({ periodSeconds: 2, failureThreshold: 3 });
  const simulation = run({ livenessProbe }, { probe: () => ({ isWell: false }) });
  simulation.pass(6.5);
  assert.deepEqual(failures(simulation), [
    '2 main: livenessProbe failed',
    '4 main: livenessProbe failed',
    '6 main: livenessProbe failed',
    '6 main: terminate',
  ]);
});

test('a container that begins to hang is given up after three times its period, when its probe takes as long', () => {
  const livenessProbe = probe({ periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 });
  const hangs = (since: number) => ({ isWell: true, takesMs: since >= 4_000 ? Infinity : 0 });
  const simulation = run({ livenessProbe }, { probe: (_, since) => hangs(since) });
  simulation.pass(30);
  assert.deepEqual(failures(simulation).slice(0, 4), [
    '10 main: livenessProbe failed',
    '15 main: livenessProbe failed',
    '20 main: livenessProbe failed',
    '20 main: terminate',
  ]);
});

test('and so is one that hangs from its start', () => {
  const livenessProbe = probe({ periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 });
  const simulation = run({ livenessProbe }, { probe: () => ({ isWell: true, takesMs: Infinity }) });
  simulation.pass(16);
  assert.equal(failures(simulation).at(-1), '15 main: terminate');
});

test('a look that lasts longer than the period is followed by the next at once, and the ticks between are lost', () => {
  const at: number[] = [];
  const readinessProbe = probe({ periodSeconds: 5, timeoutSeconds: 60 });
  const simulation = run(
    { readinessProbe },
    {
      probe: (_, since) => {
        at.push(since / 1000);
        return { isWell: true, takesMs: since === 5000 ? 12_000 : 0 };
      },
    },
  );
  simulation.pass(26);
  assert.deepEqual(at, [0, 5, 17, 20, 25]);
});

test('a success in between starts the count of failures again', () => {
  const livenessProbe = probe({ periodSeconds: 1, failureThreshold: 3 });
  const down = [1, 2, 4, 5, 6];
  const simulation = run({ livenessProbe }, { probe: (_, since) => ({ isWell: !down.includes(since / 1000) }) });
  simulation.pass(6.5);
  assert.equal(failures(simulation).at(-1), '6 main: terminate');
  assert.equal(failures(simulation).length, 6);
});

test('readiness comes after successThreshold, goes after failureThreshold, and restarts nothing', () => {
  const readinessProbe = probe({ periodSeconds: 1, successThreshold: 2, failureThreshold: 2 });
  const simulation = run({ readinessProbe }, { probe: (_, since) => ({ isWell: since < 4500 || since > 8500 }) });
  const ready = () => simulation.status.containerStatuses![0]!.ready;
  const seen: boolean[] = [];
  for (let half = 0; half < 22; half++) {
    seen.push(ready());
    simulation.pass(0.5);
  }
  const turns = seen.flatMap((is, index) => (index > 0 && is !== seen[index - 1] ? [index / 2] : []));
  assert.deepEqual(turns, [1, 6, 10]);
  assert.equal(simulation.record('main').restartCount, 0);
});

test('until the startup probe has passed the others do not look, and then they do at once', () => {
  const startupProbe = probe({ periodSeconds: 1, failureThreshold: 30 });
  const livenessProbe = probe({ periodSeconds: 10, initialDelaySeconds: 5 });
  const at: [string, number][] = [];
  const simulation = run(
    { startupProbe, livenessProbe },
    {
      probe: (name, since) => {
        at.push([name, since / 1000]);
        return { isWell: name === 'livenessProbe' || since >= 7000 };
      },
    },
  );
  simulation.pass(20);
  assert.deepEqual(
    at.filter(([name]) => name === 'livenessProbe'),
    [
      ['livenessProbe', 7],
      ['livenessProbe', 17],
    ],
  );
  assert.equal(at.filter(([name]) => name === 'startupProbe').at(-1)![1], 7);
});

test('a container that does not start up is ended, with the startup probe’s grace', () => {
  const startupProbe = probe({ periodSeconds: 2, failureThreshold: 2, terminationGracePeriodSeconds: 3 });
  const simulation = run({ startupProbe }, { drainsMs: Infinity, probe: () => ({ isWell: false }) });
  simulation.pass(7.5);
  assert.deepEqual(
    simulation.seen.filter((line) => /signal|kill/.test(line)),
    ['4 main: signal', '7 main: kill'],
  );
  assert.equal(simulation.record('main').restartCount, 1);
});

test('in a pod that is never restarted an unhealthy container ends for good', () => {
  const main = { name: 'main', image: 'node:24', livenessProbe: probe({ periodSeconds: 1, failureThreshold: 1 }) };
  const simulation = new Simulation(
    { restartPolicy: 'Never', containers: [main] },
    { main: { probe: () => ({ isWell: false }) } },
  );
  simulation.pass(3);
  assert.equal(simulation.status.phase, 'Succeeded');
  assert.equal(simulation.record('main').restartCount, 0);
});

test('an unhealthy container is started again even if it then ends well, where failures bring restarts', () => {
  const main = { name: 'main', image: 'node:24', livenessProbe: probe({ periodSeconds: 1, failureThreshold: 1 }) };
  const simulation = new Simulation(
    { restartPolicy: 'OnFailure', containers: [main] },
    { main: { probe: () => ({ isWell: false }) } },
  );
  simulation.pass(1.5);
  assert.equal(simulation.record('main').lastState?.exitCode, 0);
  assert.equal(simulation.record('main').restartCount, 1);
});
