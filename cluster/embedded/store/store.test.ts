import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { KubeObject } from '../kinds/types.ts';
import type { StoreEvent } from './event.ts';
import { Store } from './store.ts';

const object = (name: string, labels?: Record<string, string>): KubeObject => ({ metadata: { name, labels } });
/** Writes over what is there. */
const write = (store: Store, key: string, object: KubeObject) => {
  const resourceVersion = store.get('core/pods', key)?.metadata.resourceVersion;
  return store.put('core/pods', key, { ...object, metadata: { ...object.metadata, resourceVersion } });
};
const brief = ({ type, object }: StoreEvent) => `${type} ${object.metadata.name}`;

describe('the store', () => {
  it('gives every write a greater revision, whatever it is about', () => {
    const store = new Store();
    const first = write(store, 'shop/a', object('a'));
    const second = store.put('core/nodes', '/n', object('n'));
    ok(Number(second.metadata.resourceVersion) > Number(first.metadata.resourceVersion));
    equal(String(store.revision), second.metadata.resourceVersion);
  });

  it('writes only over what the write was made of', () => {
    const store = new Store();
    const first = store.put('core/pods', 'shop/a', object('a'));
    throws(() => store.put('core/pods', 'shop/a', object('a')), { code: 'KeyExists' });
    const second = store.put('core/pods', 'shop/a', first);
    throws(() => store.put('core/pods', 'shop/a', first), { code: 'RevisionMismatch' });
    throws(() => store.remove('core/pods', 'shop/a', first), { code: 'RevisionMismatch' });
    store.remove('core/pods', 'shop/a', second);
    throws(() => store.put('core/pods', 'shop/a', second), { code: 'KeyNotFound' });
    throws(() => store.remove('core/pods', 'shop/a', second), { code: 'KeyNotFound' });
    deepEqual(store.list('core/pods'), []);
  });

  it('freezes what it holds, all the way down', () => {
    const store = new Store();
    const stored = write(store, 'shop/a', object('a', { app: 'web' }));
    throws(() => (stored.metadata.labels!.app = 'other'), TypeError);
  });

  it('lists in the order of the keys', () => {
    const store = new Store();
    for (const name of ['c', 'a', 'b']) write(store, `shop/${name}`, object(name));
    deepEqual(
      store.list('core/pods').map(({ metadata }) => metadata.name),
      ['a', 'b', 'c'],
    );
  });

  it('lists what there was at an earlier revision, as far back as its history goes', () => {
    const store = new Store({ historyLimit: 3 });
    const names = (revision?: number) =>
      store.list('core/pods', revision).map(({ metadata }) => `${metadata.name} ${metadata.labels?.x ?? ''}`.trim());
    write(store, 'shop/a', object('a'));
    const kept = write(store, 'shop/b', object('b'));
    const then = store.revision;
    write(store, 'shop/a', object('a', { x: '1' }));
    store.remove('core/pods', 'shop/b', { ...kept, metadata: { ...kept.metadata, labels: { x: 'last' } } });
    write(store, 'shop/c', object('c'));
    deepEqual(
      [names(then), names()],
      [
        ['a', 'b'],
        ['a 1', 'c'],
      ],
    );
    for (let i = 0; i < 5; i++) write(store, 'shop/c', object('c', { x: String(i) }));
    throws(() => names(then), { code: 'Expired' });
  });

  it('tells a watcher what there is, then what changes, but never from inside the write', async () => {
    const store = new Store();
    write(store, 'shop/a', object('a'));
    const seen: string[] = [];
    store.watch('core/pods', undefined, (event) => seen.push(brief(event)));
    write(store, 'shop/b', object('b'));
    write(store, 'shop/a', object('a', { x: '1' }));
    store.remove('core/pods', 'shop/b', store.get('core/pods', 'shop/b')!);
    deepEqual(seen, []);
    await turn();
    deepEqual(seen, ['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
  });

  it('does not tell a watcher what happened before its revision', async () => {
    const store = new Store();
    write(store, 'shop/a', object('a'));
    const { revision } = store;
    write(store, 'shop/b', object('b'));
    const seen: string[] = [];
    store.watch('core/pods', revision, (event) => seen.push(brief(event)));
    write(store, 'shop/c', object('c'));
    await turn();
    deepEqual(seen, ['ADDED b', 'ADDED c']);
  });

  it('tells a watcher nothing after it has stopped, not even what was on its way', async () => {
    const store = new Store();
    const seen: string[] = [];
    const stop = store.watch('core/pods', undefined, (event) => seen.push(brief(event)));
    write(store, 'shop/a', object('a'));
    stop();
    await turn();
    deepEqual(seen, []);
  });

  it('delivers to a watcher that writes on every event, and lets timers run in between', async () => {
    const store = new Store();
    let writes = 0;
    const stop = store.watch('core/pods', undefined, () => {
      write(store, 'shop/a', object('a', { n: String(writes++) }));
    });
    write(store, 'shop/a', object('a'));
    await turn();
    await turn();
    stop();
    ok(writes > 0 && writes < 10);
  });

  it('keeps no more of its history than memory has room for', () => {
    const store = new Store();
    const { revision } = store;
    const large = () => object('a', { text: 'x'.repeat(1024 * 1024) });
    for (let i = 0; i < 20; i++) write(store, 'shop/a', large());
    store.watch('core/pods', revision, () => {})();
    for (let i = 0; i < 20; i++) write(store, 'shop/a', large());
    throws(() => store.watch('core/pods', revision, () => {}), { code: 'Expired', message: /too old/ });
    // The latest are there, and small ones as many as ever.
    const then = store.revision;
    for (let i = 0; i < 1000; i++) write(store, 'shop/b', object('b', { n: String(i) }));
    store.watch('core/pods', then, () => {})();
  });

  it('refuses a watch from before its history, and from the future', () => {
    const store = new Store({ historyLimit: 2 });
    const start = store.revision;
    for (let i = 0; i < 5; i++) write(store, 'shop/a', object('a', { n: String(i) }));
    throws(() => store.watch('core/pods', start, () => {}), { code: 'Expired', message: /too old/ });
    throws(() => store.watch('core/pods', store.revision + 1, () => {}), { code: 'Expired', message: /Too large/ });
  });
});
