import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('a chart tells its values under the pointer', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await expect.poll(() => lab.rate('gateway')).toBeGreaterThan(10);
  const chart = page.getByRole('figure', { name: /^Latency/ });
  // Its right end is now; further left there may be no traffic yet.
  const { width, height } = (await chart.getByRole('application').boundingBox())!;
  await chart.getByRole('application').hover({ position: { x: width - 15, y: height / 2 } });
  await expect(chart.getByText(/\d\d:\d\d:\d\d/)).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(chart.getByText(/\d\d:\d\d:\d\d/)).toBeHidden();
});
