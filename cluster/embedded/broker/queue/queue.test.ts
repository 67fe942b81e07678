import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { newCounters } from '../counters.ts';
import { memoryOf, type Content, type Entry } from '../message.ts';
import type { Table } from '../protocol/codec.ts';
import { openDatabase } from '../store/database.ts';
import { MessageStore } from '../store/message-store.ts';
import { ContentMemory } from './content-memory.ts';
import { Queue } from './queue.ts';

const message = (text: string): Content => ({
  ...{ exchange: '', routingKey: 'q', properties: Buffer.from([0, 0]), body: Buffer.from(text) },
});

/** A queue with room in memory for so many bytes, beside a disk. */
function queueWith(t: TestContext, memoryBytes: number, given: Table = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'));
  const database = openDatabase(folder);
  const store = new MessageStore(database);
  t.after(() => {
    database.exec('pragma query_only = off');
    store.commit();
    database.close();
    rmSync(folder, { recursive: true });
  });
  const dead: string[] = [];
  const definition = { name: 'q', durable: true, exclusive: false, autoDelete: false, arguments: given };
  const queue = new Queue(1, definition, null, {
    store,
    memory: new ContentMemory(memoryBytes),
    counters: newCounters(),
    deadLetter: (_, { body }) => dead.push(body.toString()),
    expired: () => {},
  });
  const publish = (text: string, persistent = true) =>
    queue.publish(message(text), { persistent, priority: 0, expirationMs: null });
  /** The next one, to be acknowledged. */
  const get = () => {
    let got: { entry: Entry; text: string } | undefined;
    queue.get(false, (entry) => (got = { entry, text: entry.content!.body.toString() }));
    return got;
  };
  return { queue, database, dead, publish, get };
}

const roomy = 2 ** 20;
/** For none. */
const tight = 1;

test('what comes back stands where it was, in whatever order it had been delivered', (t) => {
  const { queue, publish, get } = queueWith(t, roomy);
  for (const text of ['1', '2', '3']) publish(text);
  const [first, second] = [get()!, get()!];
  queue.requeue([first.entry]);
  const again = get()!;
  queue.requeue([second.entry, again.entry]);
  assert.deepEqual(
    [1, 2, 3].map(() => get()!.text),
    ['1', '2', '3'],
  );
});

test('what is delivered when a queue is purged does not come back by itself', (t) => {
  const { queue, publish, get } = queueWith(t, tight);
  publish('delivered');
  const { entry } = get()!;
  assert.equal(queue.purge(), 0);
  publish('new');
  assert.equal(get()!.text, 'new');
  assert.equal(get(), undefined);
  assert.equal(queue.ready, 0);
  queue.acknowledge(entry);
});

test('what is refused after its queue is gone is gone too', (t) => {
  const { queue, dead, publish, get } = queueWith(t, tight, { 'x-dead-letter-exchange': '' });
  publish('late');
  const { entry } = get()!;
  queue.delete();
  queue.reject(entry);
  assert.deepEqual(dead, []);
});

test('what a disk does not take can be delivered all the same', (t) => {
  const { queue, database, publish, get } = queueWith(t, memoryOf(message('1')));
  for (const text of ['1', '2', '3']) publish(text, false);
  const { entry } = get()!;
  get(); // from the disk, and the next one with it: now there is more in memory than there is room for
  database.exec('pragma query_only = on');
  queue.requeue([entry]);
  queue.requeue([get()!.entry]);
  assert.equal(get()!.text, '1');
});
