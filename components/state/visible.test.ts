import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { whenVisible } from './visible.ts';

/** As much of a Document as tells whether it is seen. */
class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  become(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

test('what waits for a hidden page goes on when it is shown, and at once on one that is', async () => {
  const page = new Page();
  await whenVisible(page as unknown as Document);
  page.become('hidden');
  let seen = false;
  const waiting = whenVisible(page as unknown as Document).then(() => (seen = true));
  page.become('hidden');
  await setImmediate();
  assert.equal(seen, false);
  page.become('visible');
  await waiting;
});
