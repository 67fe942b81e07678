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

  // Out within the frame of its last move, as a quick hand or a slow machine has it.
  await chart.getByRole('application').evaluate((plot) => {
    const { right, top } = plot.getBoundingClientRect();
    plot.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: right - 15, clientY: top + 40 }));
    plot.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, relatedTarget: document.body }));
  });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await expect(chart.getByText(/\d\d:\d\d:\d\d/)).toBeHidden({ timeout: 1_000 });
});
