import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WaitingLine } from './waiting-line.ts';

describe('a waiting line', () => {
  /** A task that runs until it is told to end. */
  function task(started: string[], name: string) {
    const end = Promise.withResolvers<void>();
    const run = () => {
      started.push(name);
      return end.promise;
    };
    return { run, end: () => end.resolve() };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('runs as many tasks at once as it may, and the others in the order they came', async () => {
    const line = new WaitingLine(2);
    const started: string[] = [];
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(started, name));
    const runs = tasks.map(({ run }) => line.run(run));
    await settled();
    assert.deepEqual(started, ['a', 'b']);
    assert.equal(line.waiting, 2);
    tasks[1]!.end();
    await settled();
    assert.deepEqual(started, ['a', 'b', 'c']);
    for (const { end } of tasks) end();
    await Promise.all(runs);
    assert.deepEqual([started.length, line.running, line.waiting], [4, 0, 0]);
  });

  it('lets who waits leave, but not who has begun', async () => {
    const line = new WaitingLine(1);
    const started: string[] = [];
    const [first, second, third] = [task(started, 'a'), task(started, 'b'), task(started, 'c')];
    const impatient = new AbortController();
    const running = line.run(first.run, impatient.signal);
    const leaving = line.run(second.run, impatient.signal);
    const staying = line.run(third.run);
    impatient.abort(new Error('enough'));
    await assert.rejects(leaving, /enough/);
    first.end();
    await running;
    third.end();
    await staying;
    assert.deepEqual(started, ['a', 'c']);
  });

  it('tells when the last task has ended', async () => {
    const line = new WaitingLine(1);
    await line.idle();
    const started: string[] = [];
    const [first, second] = [task(started, 'a'), task(started, 'b')];
    const runs = [line.run(first.run), line.run(second.run)];
    let idle = false;
    void line.idle().then(() => (idle = true));
    first.end();
    await settled();
    assert.deepEqual([started, idle], [['a', 'b'], false]);
    second.end();
    await Promise.all(runs);
    await settled();
    assert.equal(idle, true);
  });

  it('frees the place of a task that fails', async () => {
    const line = new WaitingLine(1);
    await assert.rejects(
      line.run(() => Promise.reject(new Error('broken'))),
      /broken/,
    );
    assert.equal(await line.run(() => Promise.resolve('next')), 'next');
  });
});
