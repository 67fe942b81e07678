import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { DatabaseSync } from 'node:sqlite';
import { Database } from './database.ts';
import { Store } from './store.ts';

function file(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-store-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'cluster.db');
}

describe('the database', () => {
  it('brings back what was stored, and revisions go on growing', (t) => {
    const path = file(t);
    const before = new Store({ database: new Database(path) });
    before.put('core/pods', 'shop/a', { metadata: { name: 'a' } });
    before.put('core/pods', 'shop/b', { metadata: { name: 'b' } });
    before.remove('core/pods', 'shop/a', before.get('core/pods', 'shop/a')!);
    before.close();

    const after = new Store({ database: new Database(path) });
    t.after(() => after.close());
    deepEqual(
      after.list('core/pods').map(({ metadata }) => metadata.name),
      ['b'],
    );
    ok(after.revision > before.revision);
    throws(() => after.watch('core/pods', before.revision, () => {}), { code: 'Expired' });
  });

  it('names a file that is no database, and says what to do', (t) => {
    const path = file(t);
    writeFileSync(path, 'this is a shopping list'.repeat(100));
    throws(
      () => new Database(path),
      (error: Error & { code?: string }) => {
        equal(error.code, 'DatabaseBroken');
        ok(error.message.includes(path));
        return /move it away/.test(error.message);
      },
    );
  });

  it('names a file whose objects are unreadable', (t) => {
    const path = file(t);
    new Database(path).close();
    const db = new DatabaseSync(path);
    db.exec(`INSERT INTO objects VALUES ('core/pods', 'shop/a', '{"metadata"')`);
    db.close();
    const database = new Database(path);
    t.after(() => database.close());
    throws(() => new Store({ database }), { code: 'DatabaseBroken' });
  });

  it('refuses a file that another process has open', (t) => {
    const path = file(t);
    const first = new Database(path);
    t.after(() => first.close());
    throws(() => new Database(path), { code: 'DatabaseInUse', message: /another cluster runs/ });
  });

  it('refuses a file of a newer version', (t) => {
    const path = file(t);
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    throws(() => new Database(path), { code: 'DatabaseTooNew', message: /update/ });
  });

  it('says so when the folder is not there', (t) => {
    throws(() => new Database(join(file(t), 'no', 'cluster.db')), { code: 'DatabaseUnwritable' });
  });
});
