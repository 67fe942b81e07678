import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('a learner goes through the circuit breaker lab from start to recap', async ({ page }) => {
  test.setTimeout(600_000);
  const lab = new LabPage(page);
  const { guide } = lab;
  const step = async (title: string) => {
    await expect(guide.getByRole('heading', { name: title, level: 1 })).toBeVisible({ timeout: 30_000 });
    // A step begins in its start state.
    await expect(guide.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 });
    // In it no check is met: each has something to ask for.
    const checks = guide.getByRole('group', { name: /^Check:/ });
    await expect(checks.first()).toBeVisible();
    for (const check of await checks.all()) await expect(check).not.toContainText('(met)');
  };
  const allChecksMet = async () => {
    const checks = guide.getByRole('group', { name: /^Check:/ });
    await expect(checks.first()).toBeVisible();
    for (const check of await checks.all()) await expect(check).toContainText('(met)', { timeout: 90_000 });
  };
  const next = async () => {
    await guide.getByRole('button', { name: 'Next step' }).click();
  };
  const predict = async (answer: RegExp) => {
    await guide.getByRole('radio', { name: answer }).check();
    await guide.getByRole('button', { name: 'Lock my prediction' }).click();
    await expect(guide.getByText('Locked. Now find out.')).toBeVisible();
  };

  await lab.open();
  await lab.begin();

  await step('Follow one order');
  await expect(guide.getByRole('button', { name: 'Next step' })).toBeDisabled();
  await lab.setLoad(60);
  await expect.poll(() => lab.rate('payments')).toBeGreaterThan(5);
  await guide.getByRole('button', { name: 'Open an order’s trace' }).click();
  await allChecksMet();
  await expect(guide.getByRole('status', { name: 'Progress' })).toContainText('The next step is open.');
  await next();

  await step('The bank has a bad day');
  await predict(/^Only the bank/);
  await guide.getByRole('button', { name: /^Start “Slow dependency: bank”/ }).click();
  await allChecksMet();
  await expect(guide.getByText('Not this time.')).toBeVisible();
  await next();

  await step('A timeout is not enough');
  await guide.getByRole('button', { name: 'Set timeout to 500 ms' }).click();
  await allChecksMet();
  await next();

  await step('Fail fast');
  await predict(/^Drop to about the baseline/);
  await guide.getByRole('button', { name: /circuit breaker to library/i }).click();
  await guide.getByRole('button', { name: /YAML diff/ }).click();
  await expect(page.getByRole('dialog').getByText('BANK_BREAKER').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await allChecksMet();
  await expect(guide.getByText('You were right.')).toBeVisible();
  await next();

  await step('Let it heal');
  await guide.getByRole('button', { name: /^Stop “Slow dependency: bank”/ }).click();
  await expect(guide.getByRole('button', { name: '✓ “Slow dependency: bank” is stopped' })).toBeDisabled();
  await allChecksMet();
  await next();

  await step('The bill');
  await guide.getByRole('button', { name: /breaker threshold to 1 %/i }).click();
  await guide.getByRole('button', { name: 'Read my recap' }).click();
  const recap = page.getByRole('dialog', { name: 'Your run, in numbers' });
  for (const phase of ['baseline', 'no breaker', 'timeout only', 'breaker']) {
    const row = recap.getByRole('row').filter({ has: page.getByRole('rowheader', { name: phase, exact: true }) });
    await expect(row.getByRole('cell').nth(1)).toHaveText(/\d ms$/);
  }
  await recap.getByRole('button', { name: 'Close' }).click();
  await allChecksMet();

  await guide.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start over' }).click();
  await step('Follow one order');
  await expect(guide.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(guide.getByRole('button', { name: 'Next step' })).toBeDisabled();
});
