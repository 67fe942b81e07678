import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { Database } from './database.ts';
import { ExpiredError } from './history.ts';
import { Store } from './store.ts';

const TABLE = 'core/pods';
const KEYS = ['shop/a', 'shop/b', 'shop/c'];

/** What may happen: a write or a removal of a key, a turn of the event loop, a watcher cut off and resuming, a bookmark, a restart. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), key: fc.constantFrom(...KEYS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), key: fc.constantFrom(...KEYS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('turn' as const, 'cut' as const, 'mark' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

/** A client as informers are: lists, watches from there, resumes after what it saw last, and lists again where that is too old. */
class Watcher {
  readonly #open: () => Store;
  readonly seen = new Map<string, string>();
  /** Every revision it was told of while it watched, in order. */
  revisions: number[] = [];
  #last = 0;
  #stop = () => {};

  constructor(open: () => Store) {
    this.#open = open;
    this.#list();
  }

  resume(): void {
    this.#stop();
    try {
      this.#watch();
    } catch (error) {
      if (!(error instanceof ExpiredError)) throw error;
      this.#list();
    }
  }

  /** A bookmark of the watch that runs: it may resume from here. */
  mark(): void {
    const watch = this.#stop;
    this.#open().mark((revision) => {
      if (watch === this.#stop) this.#last = Math.max(this.#last, revision);
    });
  }

  #list(): void {
    const store = this.#open();
    this.seen.clear();
    for (const { metadata } of store.list(TABLE)) this.seen.set(`shop/${metadata.name}`, metadata.resourceVersion!);
    this.#last = store.revision;
    this.revisions = [];
    this.#watch();
  }

  #watch(): void {
    this.#stop = this.#open().watch(TABLE, this.#last, ({ type, key, object, revision }) => {
      assert.ok(revision > this.#last, `revision ${revision} comes after ${this.#last}`);
      assert.equal(type === 'ADDED', !this.seen.has(key), `${type} of ${key}`);
      if (type === 'DELETED') this.seen.delete(key);
      else this.seen.set(key, object.metadata.resourceVersion!);
      this.#last = revision;
      this.revisions.push(revision);
    });
  }
}

test('a watcher that lists again and resumes sees every change once, in order, and ends at the final state', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), async (steps, historyLimit) => {
      const folder = mkdtempSync(join(tmpdir(), 'breakwater-store-'));
      const open = () => new Store({ database: new Database(join(folder, 'cluster.db')), historyLimit });
      let store = open();
      // Every change there was, by revision: a watcher that has not listed in between has to have all since it began.
      let written: number[] = [];
      const watcher = new Watcher(() => store);
      try {
        for (const one of steps) {
          if (one.do === 'write') {
            const old = store.get(TABLE, one.key);
            const metadata = { name: one.key.slice(5), resourceVersion: old?.metadata.resourceVersion };
            written.push(Number(store.put(TABLE, one.key, { metadata }).metadata.resourceVersion));
          } else if (one.do === 'remove') {
            const old = store.get(TABLE, one.key);
            if (old) written.push(Number(store.remove(TABLE, one.key, old).metadata.resourceVersion));
          } else if (one.do === 'turn') await turn();
          else if (one.do === 'mark') watcher.mark();
          else if (one.do === 'cut') watcher.resume();
          else {
            store.close();
            store = open();
            watcher.resume();
          }
        }
        await turn();
        await turn();
        const there = store.list(TABLE).map(({ metadata }) => [`shop/${metadata.name}`, metadata.resourceVersion]);
        assert.deepEqual([...watcher.seen].sort(), there, 'the final state');
        const [first = Infinity] = watcher.revisions;
        written = written.filter((revision) => revision >= first);
        assert.deepEqual(watcher.revisions, written, 'every change once, in order');
      } finally {
        store.close();
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 150, seed: 20_261_128 },
  );
});
