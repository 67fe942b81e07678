import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';
import { cannotFindLabServer, labServerPid } from './lab-server.ts';

test.skip(cannotFindLabServer !== false, String(cannotFindLabServer));
test.beforeEach(({ request }) => bringToRest(request));

test('an open page outlives its lab server, and the lab goes on where it was', async ({ page }) => {
  test.setTimeout(400_000);
  const lab = new LabPage(page);
  const { guide } = lab;
  await lab.open();
  await lab.begin();
  const first = guide.getByRole('heading', { name: 'The bank has a bad day', level: 1 });
  await expect(first).toBeFocused({ timeout: 30_000 });
  await expect(guide.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 });
  await guide.getByRole('button', { name: 'Show me' }).click();
  await expect(guide.getByRole('button', { name: 'Next step' })).toBeEnabled({ timeout: 90_000 });
  await guide.getByRole('button', { name: 'Next step' }).click();
  const step = guide.getByRole('heading', { name: 'Where the time goes', level: 1 });
  await expect(step).toBeFocused();

  const banner = page.getByText('The lab server does not answer.');
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await test.step(`the lab server ends by ${signal}`, async () => {
      process.kill(labServerPid()!, signal);
      await expect(banner).toBeVisible();
      // Opened as soon as there is something to open: the lab may still be starting behind it.
      const other = await page.context().newPage();
      await expect(async () => void (await other.goto('/'))).toPass({ timeout: 90_000 });
      await expect(other.getByRole('list', { name: 'Labs' })).toBeVisible({ timeout: 60_000 });
      await expect(other.getByRole('region', { name: 'Messages' }).getByRole('alert')).toHaveCount(0);
      await other.close();

      await expect(banner).toBeHidden({ timeout: 60_000 });
      await expect.poll(() => lab.rate('gateway'), { timeout: 60_000 }).toBeGreaterThan(10);
      await expect(step).toBeVisible();
    });
  }
});
