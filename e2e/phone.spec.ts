import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('a phone shows the list, and the graph to whoever wants it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new LabPage(page);
  await page.goto('/play');
  await expect(page.getByRole('table', { name: 'Services' })).toBeVisible();
  await page.getByRole('radio', { name: 'As a graph' }).check({ force: true });
  await expect(lab.service('gateway')).toBeInViewport();
  expect((await page.locator('.react-flow').boundingBox())!.height).toBeGreaterThan(300);
});
