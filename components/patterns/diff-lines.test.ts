import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedLines, diffLines } from './diff-lines.ts';

const diff = `--- a/payments.yaml
+++ b/payments.yaml
@@ -10,3 +10,4 @@
           env:
-            - name: BANK_BREAKER
+            - name: BANK_BREAKER
+              value: library
`;

test('each line is known by its kind, without its sign, and file headers are left out', () => {
  assert.deepEqual(
    diffLines(diff).map(({ kind }) => kind),
    ['hunk', 'same', 'removed', 'added', 'added'],
  );
  assert.equal(diffLines(diff)[1]?.text, '          env:');
});

test('only added and removed lines count', () => {
  assert.equal(changedLines(diff), 3);
  assert.equal(changedLines(''), 0);
});
