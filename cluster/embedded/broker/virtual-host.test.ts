import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from './store/database.ts';
import { DefinitionStore } from './store/definitions.ts';
import { MessageStore } from './store/message-store.ts';
import { VirtualHost } from './virtual-host.ts';

test('a durable queue that the disk refuses is not there, and is when it is declared again', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'));
  const database = openDatabase(folder);
  t.after(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });
  const definitions = new DefinitionStore(database);
  const host = new VirtualHost('/', definitions, new MessageStore(database));
  const declare = () =>
    host.declareQueue({ name: 'orders', durable: true, exclusive: false, autoDelete: false, arguments: {} }, {});
  database.exec('pragma query_only = on');
  assert.throws(declare, /readonly/);
  assert.equal(host.queues.size, 0);
  database.exec('pragma query_only = off');
  declare();
  assert.deepEqual(
    definitions.queues().map(({ name }) => name),
    ['orders'],
  );
});
