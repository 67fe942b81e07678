import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { Book } from './book.ts';

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'bank-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'book');
}

function open(t: TestContext, folder: string): Book {
  mkdirSync(folder, { recursive: true });
  const book = new Book(folder);
  book.begin();
  t.after(() => book.close());
  return book;
}

const rent = { reference: 'rent', amountCents: 100 };
const references = (book: Book) => book.statement(0, 100).map(({ reference }) => reference);

test('the lines after one are read in the order they were written, page by page', (t) => {
  const book = open(t, place(t));
  for (const reference of ['a', 'b', 'c']) book.record({ ...rent, reference });
  const [first, second] = book.statement(0, 2);
  assert.deepEqual([first?.reference, second?.reference], ['a', 'b']);
  assert.deepEqual(
    book.statement(second!.sequence, 2).map(({ reference, amountCents }) => [reference, amountCents]),
    [['c', 100]],
  );
  assert.deepEqual([book.countsOf('b', first!.sequence).charges, book.countsOf('b', second!.sequence).charges], [0, 1]);
});

test('what is given back is given back once, a line for each charge, and its reference is charged no more', (t) => {
  const book = open(t, place(t));
  for (const amountCents of [5, 7]) book.record({ ...rent, amountCents });
  assert.deepEqual([book.refund('rent'), book.refund('rent'), book.refund('never charged')], [2, 2, 0]);
  const lines = book.statement(0, 10).map(({ reference, amountCents }) => [reference, amountCents]);
  const expected = [5, 7, -5, -7].map((amount) => ['rent', amount]);
  assert.deepEqual(lines, [...expected, ['never charged', 0]]);
  assert.deepEqual({ ...book.countsOf('rent', 3) }, { charges: 2, refunds: 1 });
  for (const reference of ['rent', 'never charged']) {
    assert.throws(() => book.record({ ...rent, reference }), { code: 'refunded' });
  }
});

test('a charge under a known key is the first one again, and no line', (t) => {
  const book = open(t, place(t));
  const first = book.record({ ...rent, key: 'k' });
  assert.deepEqual(book.record({ ...rent, key: 'k' }), { id: first.id, repeated: true });
  book.record(rent);
  book.record(rent);
  assert.equal(book.statement(0, 10).length, 3);
});

test('two processes of the bank write one book, and the next one finds it', (t) => {
  const folder = place(t);
  const [leaving, coming] = [open(t, folder), open(t, folder)];
  leaving.record({ ...rent, reference: 'a' });
  coming.record({ ...rent, reference: 'b' });
  leaving.record({ ...rent, reference: 'c' });
  for (const book of [leaving, coming]) book.close();
  const next = open(t, folder);
  assert.deepEqual(references(next), ['a', 'b', 'c']);
  assert.equal(next.identity, leaving.identity);
  assert.match(next.identity, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a book whose folder is taken away takes no charge, and goes on where it was when it is back', (t) => {
  const folder = place(t);
  const book = open(t, folder);
  book.record({ ...rent, reference: 'before' });
  renameSync(folder, `${folder}.away`);
  for (let times = 0; times < 2; times++) {
    assert.throws(() => book.record({ ...rent, reference: 'lost' }), { code: 'book-unavailable', status: 503 });
  }
  mkdirSync(folder);
  assert.throws(() => book.record({ ...rent, reference: 'another book' }), { code: 'book-unavailable' });
  rmSync(folder, { recursive: true });
  renameSync(`${folder}.away`, folder);
  book.record({ ...rent, reference: 'after' });
  assert.deepEqual(references(book), ['before', 'after']);
});

test('two processes that share the book while pods roll give back once, and charge nothing that the other gave back', (t) => {
  const folder = place(t);
  const [leaving, coming] = [open(t, folder), open(t, folder)];
  leaving.record(rent);
  /** At the latest moment that the other may write in. */
  const meanwhile = (act: () => void) => {
    const exec = DatabaseSync.prototype.exec;
    const mocked = t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
      mocked.mock.restore();
      act();
      exec.call(this, sql);
    });
  };
  meanwhile(() => coming.refund('rent'));
  assert.equal(leaving.refund('rent'), 1);
  meanwhile(() => coming.refund('fare'));
  assert.throws(() => leaving.record({ ...rent, reference: 'fare' }), { code: 'refunded' });
  assert.deepEqual(
    leaving.statement(0, 10).map(({ reference, amountCents }) => [reference, amountCents]),
    [
      ['rent', 100],
      ['rent', -100],
      ['fare', 0],
    ],
  );
});
