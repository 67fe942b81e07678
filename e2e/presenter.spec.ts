import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('one key takes a room through a lab: what is to read, what is to do, and the next step', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const lab = new LabPage(page);
  await lab.open();
  const small = await lab.guide.evaluate((guide) => guide.getBoundingClientRect().width);
  await page.keyboard.press('Shift+P');
  await expect(page).toHaveURL(/present=1/);
  await expect(lab.controls).toBeHidden();
  await expect(page.getByRole('region', { name: 'Dock' })).toBeHidden();
  expect(await lab.guide.evaluate((guide) => guide.getBoundingClientRect().width)).toBeGreaterThan(small);

  const begin = lab.guide.getByRole('button', { name: /^Start the lab|^Start over/ });
  await expect(begin).toBeEnabled({ timeout: 30_000 });
  if (await lab.guide.getByRole('button', { name: 'Start over' }).isVisible()) await lab.begin();
  else await page.keyboard.press('PageDown');
  const heading = lab.guide.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('The bank has a bad day', { timeout: 30_000 });
  await expect(lab.guide.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 });

  // Step and shop are in view together, and no smaller than they are to one person.
  await expect(heading).toBeInViewport();
  for (const service of ['gateway', 'payments', 'bank', 'postgres'])
    await expect(lab.service(service)).toBeInViewport({ ratio: 1 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }

  const key = lab.guide.locator('button[aria-keyshortcuts=PageDown]');
  const done = new Set<string>();
  await expect(async () => {
    done.add((await key.innerText()).split(':')[0]!);
    await page.keyboard.press('PageDown');
    await expect(heading).toHaveText('Where the time goes', { timeout: 1_000 });
  }).toPass({ timeout: 120_000 });
  expect([...done]).toEqual(expect.arrayContaining(['Read on', 'Do what the step asks', 'Next']));

  const beyond = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
  expect(beyond, 'the page itself does not scroll').toBe(0);

  await page.keyboard.press('PageUp');
  await expect(heading).toHaveText('The bank has a bad day');
  await page.keyboard.press('Escape');
  await expect(page.getByText('All faults are stopped')).toBeVisible();
  await page.getByRole('button', { name: 'End presenting' }).click();
  await expect(lab.controls).toBeVisible();
  await expect(lab.guide.getByRole('button', { name: 'Reset step' })).toBeVisible();
});
