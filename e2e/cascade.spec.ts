import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));
test.afterEach(({ request }) => bringToRest(request));

test('a cascade can be read: words in the drawing stand clear of each other, and full pools are drawn', async ({
  page,
  request,
}) => {
  test.setTimeout(300_000);
  const fault = { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 4000, percent: 80 }, duration: 240 };
  expect((await request.post('/api/faults', { data: fault })).ok()).toBe(true);
  const lab = new LabPage(page);
  await lab.open('/play');
  // Two edges into neighbouring rows, of which neither is slow itself: all wait for a connection of the gateway.
  for (const callee of ['users', 'auth', 'orders'])
    await expect(page.getByRole('button', { name: new RegExp(`^gateway → ${callee}: `) })).toHaveCSS('opacity', '1', {
      timeout: 90_000,
    });
  expect(await lab.overlaps()).toEqual([]);

  await expect(lab.service('gateway')).toHaveAccessibleName(/connections 48 of 48 taken, \d+ waiting/);
  await expect(lab.service('gateway')).toContainText(/\d+ waiting/);
  await lab.clickService('payments');
  await lab.show('Inspect');
  await expect(
    lab.controls.getByRole('group', { name: /^Slots at payments: 16 of 16 taken, \d+ waiting/ }),
  ).toBeVisible();
  await page.getByRole('radio', { name: 'As a list' }).check({ force: true });
  const row = page.getByRole('table', { name: 'Services' }).getByRole('row', { name: /^payments/ });
  await expect(row).toContainText(/16\/16, \d+ wait/);
});
