import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('without a lab’s text: a fault from its form, patterns from their panel, and all stopped with Esc', async ({
  page,
}) => {
  const lab = new LabPage(page);

  await test.step('open the lab from the catalogue', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: /Circuit breaker/ }).click();
    await expect(lab.service('gateway')).toBeAttached();
    await expect.poll(() => lab.rate('gateway')).toBeGreaterThan(40);
    await expect.poll(() => lab.p95('gateway')).toBeLessThan(150);
  });

  await test.step('slow the bank, and see it', async () => {
    const form = await lab.faultForm('Slow dependency');
    // Long enough for a slow machine: it must not end by itself on the way.
    await form.getByLabel('Ends by itself after').fill('600');
    await form.getByRole('button', { name: 'Start fault' }).click();
    await expect(lab.controls.getByRole('article', { name: 'Slow dependency: bank' })).toBeVisible({ timeout: 2_000 });
    await expect.poll(() => lab.p95('gateway'), { timeout: 90_000 }).toBeGreaterThan(1_000);
  });

  await test.step('turn the timeout and the breaker on', async () => {
    await lab.show('Patterns');
    await lab.controls.getByRole('radio', { name: '500 ms' }).check({ force: true });
    await lab.controls.getByRole('radio', { name: 'library' }).check({ force: true });
    await expect(lab.controls.getByText('Rolling out')).toHaveCount(0, { timeout: 40_000 });
  });

  await test.step('stop all faults with Esc', async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByText('All faults are stopped')).toBeVisible();
    await expect(lab.controls.getByRole('article')).toHaveCount(0);
    const ended = lab.controls.getByRole('list', { name: 'Ended faults' }).getByRole('listitem').first();
    await expect(ended).toContainText(/Slow dependency: bank.* calls delayed.* stopped before its time/);
    await page.getByRole('button', { name: 'Release' }).click();
    await expect(page.getByText('All faults are stopped')).toBeHidden();
  });
});
