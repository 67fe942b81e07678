import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));
test.afterEach(({ request }) => bringToRest(request));

test('dragged back to before a fault, the graph shows none and says so; L leads back to where it acts', async ({
  page,
  request,
}) => {
  const lab = new LabPage(page);
  await lab.open('/play');
  await expect.poll(() => lab.rate('gateway')).toBeGreaterThan(10);
  const bar = page.getByRole('region', { name: 'Rewind' });
  const slider = bar.getByRole('slider', { name: 'Moment shown' });
  await expect(slider).toHaveAttribute('aria-valuetext', 'Live');
  const flag = lab.service('bank').locator('svg');
  await page.waitForTimeout(4_000); // seconds without a fault, to go back to
  const before = Date.now();
  const fault = { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 3000, percent: 60 }, duration: 200 };
  expect((await request.post('/api/faults', { data: fault })).ok()).toBe(true);
  await expect(flag).toBeVisible();
  await expect(lab.service('bank')).toHaveAccessibleName(/p95 \d\s?\d{3} ms/, { timeout: 60_000 });

  // By the mouse, from the handle at the right end to before the fault's flag in the bar.
  const { x, y, width, height } = (await slider.boundingBox())!;
  const [from, to] = await slider.evaluate((input: HTMLInputElement) => [Number(input.min), Number(input.max)]);
  const share = (before / 1000 - 2 - from!) / (to! - from!);
  await page.mouse.move(x + width - 6, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
  await page.mouse.move(x + 6 + share * (width - 12), y + height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByText(/As it was at \d\d:\d\d:\d\d, \d+ (s|min) ago\./)).toBeVisible();
  await expect(slider).toHaveAttribute('aria-valuetext', /^\d\d:\d\d:\d\d/);
  await expect(flag).toHaveCount(0);
  await expect(lab.service('bank')).not.toHaveAccessibleName(/p95 \d\s?\d{3} ms/);
  await expect(page.getByRole('region', { name: /^Ledger/ })).toContainText(/^At \d\d:\d\d:\d\d, all since/);
  await expect(lab.controls.getByText(/acts on the live shop/)).toBeVisible();
  await expect(lab.controls.getByText(/^Slow dependency: bank$|^Slow dependency/).first()).toBeVisible();

  await page.keyboard.press('l');
  await expect(flag).toBeVisible();
  await expect(page.getByText('As it was at')).toBeHidden();
  await expect(slider).toHaveAttribute('aria-valuetext', 'Live');

  // By the keyboard alone: to the mark, a little further back, and by the button to live.
  await bar.getByRole('button', { name: /^Mark before: Slow dependency: bank/ }).press('Enter');
  await slider.focus();
  for (let second = 0; second < 3; second++) await slider.press('ArrowLeft');
  await expect(page.getByText('As it was at')).toBeVisible();
  await expect(flag).toHaveCount(0);
  const back = bar.getByRole('button', { name: /^Back to live/ });
  await back.focus();
  await page.keyboard.press('Enter');
  await expect(flag).toBeVisible();
  await expect(bar.getByRole('button', { name: 'Live' })).toBeFocused();
});
