import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));
test.afterEach(({ request }) => bringToRest(request));

test('a newcomer breaks the bank, sees it spread, and sets the one thing that helps', async ({ page, request }) => {
  test.setTimeout(240_000);
  await request.put('/api/load', { data: { rate: 30 } });
  await page.goto('/');
  const lab = new LabPage(page);
  const says = page.getByRole('status').filter({ hasText: /online shop|The bank|Calls to the bank|Pods with/ });
  await expect(says).toContainText('Every number here is measured', { timeout: 60_000 });
  await expect(lab.service('gateway')).toBeVisible();

  await page.getByRole('button', { name: 'Break the bank' }).click();
  await expect(says).toContainText('The bank now takes 3 s');
  await expect(lab.service('bank')).toHaveAccessibleName(/fault active/);
  const figures = page.getByLabel('The shop now');
  await expect(figures).toContainText('60 req/s'); // enough to feel it
  await expect(figures).toContainText(/Places taken at gateway48\/48/, { timeout: 60_000 });
  await expect(lab.service('gateway')).toHaveAccessibleName(/48 of 48 taken, \d+ waiting/);
  await expect(page.getByRole('button', { name: /^gateway → catalog: .* ms/ })).toBeVisible();

  await page.getByRole('button', { name: 'Set timeout to 500 ms' }).click();
  await expect(says).toContainText('given up after half a second', { timeout: 60_000 });
  await expect(figures).not.toContainText(/48\/48/, { timeout: 60_000 });

  await page.getByRole('button', { name: 'Mend the bank' }).click();
  await expect(says).toContainText('the timeout is set');
  await page.getByRole('button', { name: 'Take the timeout away' }).click();
  await expect(page.getByRole('button', { name: 'Break the bank' })).toBeVisible();
  await expect(says).toContainText('Every number here is measured', { timeout: 60_000 });

  await page.getByRole('link', { name: 'Take the lab on it' }).click();
  await expect(page).toHaveURL(/\/labs\/04-circuit-breaker/);
});
