import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOverlay } from './overlay.ts';

const file = 'overlays/embedded/kustomization.yaml';

test('a pattern that had options and is a number now keeps what was chosen', () => {
  const before = 'components:\n  - ../../patterns/breaker-threshold/10\n  - ../../patterns/timeout/500ms\n';
  const overlay = parseOverlay(before, file);
  assert.deepEqual([overlay.selections['breaker-threshold'], overlay.selections['timeout']], ['10', '500ms']);
  const after = overlay.with(overlay.selections);
  assert.doesNotMatch(after, /breaker-threshold\/10/);
  assert.deepEqual(parseOverlay(after, file).selections, overlay.selections);
});

test('other generators, other literals of them and comments stay', () => {
  const text = `# ours
configMapGenerator:
  - name: mine # a learner's
    literals:
      - A=1
`;
  const overlay = parseOverlay(text, file);
  const chosen = overlay.with({ ...overlay.selections, 'breaker-threshold': '3' });
  assert.match(chosen, /# ours[^]*name: mine # a learner's[^]*- A=1[^]*breaker-threshold=3/);
  assert.equal(parseOverlay(chosen, file).with(overlay.selections).trim(), text.trim());
});

test('a number whose line is missing is told of, with what to write', () => {
  assert.throws(() => parseOverlay('components: [../../patterns/breaker-threshold/number]\n', file), {
    code: 'desired-state-broken',
    message: /breaker-threshold= among the literals of pattern-numbers is not there; write a number from 1 to 100 %/,
  });
});
