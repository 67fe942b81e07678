import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openDatabase } from './database.ts';
import { MessageStore } from './message-store.ts';

test('what the disk refuses is tried again once a second, however often it has been refused', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'));
  const database = openDatabase(folder);
  t.after(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const store = new MessageStore(database);
  const entry = {
    ...{ id: store.nextId(), content: null, bytes: 0, priority: 0, expiresAt: null },
    redelivered: false,
  };
  const content = { exchange: '', routingKey: 'q', properties: Buffer.alloc(2), body: Buffer.alloc(0) };
  database.exec('pragma query_only = on');
  store.insert({ ...entry, stored: false }, content, 1, true);
  for (let i = 0; i < 10; i++) {
    store.commit();
    t.mock.timers.tick(100);
    await nextTurn();
  }
  const statements = t.mock.method(database, 'exec').mock;
  for (let tenth = 1; tenth <= 30; tenth++) {
    t.mock.timers.tick(100);
    await nextTurn();
    await nextTurn();
  }
  assert.equal(statements.calls.filter(({ arguments: [sql] }) => sql === 'begin').length, 3);
  statements.restore();
  database.exec('pragma query_only = off');
  store.commit();
  assert.equal(store.failure, null);
});
