import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('a learner goes through the circuit breaker lab from start to recap', async ({ page }) => {
  test.setTimeout(600_000);
  const lab = new LabPage(page);
  const { guide } = lab;
  await lab.open();
  await lab.begin();

  await lab.step('The bank has a bad day');
  await expect(guide.getByRole('button', { name: 'Next step' })).toBeDisabled();
  await expect(guide.getByText('This is a cascade')).toHaveCount(0);
  await lab.clickService('gateway');
  await expect(guide.getByRole('combobox')).toHaveValue('gateway');
  await lab.lock();
  await lab.startFault(/^Start “Slow dependency: bank”/);
  await lab.allChecksMet();
  await expect(guide.getByText('Not this time.')).toBeVisible();
  await expect(guide.getByText(/✓ what happened: payments/)).toBeVisible();
  await expect(guide.getByText('This is a cascade')).toBeVisible();
  await expect(guide.getByRole('status', { name: 'Progress' })).toContainText('The next step is open.');
  await lab.next();

  await lab.step('Where the time goes');
  await guide.getByRole('button', { name: /^Open a trace of GET \/api\/products/ }).click();
  await guide.getByRole('radio', { name: /^For the bank/ }).check();
  await guide.getByRole('button', { name: 'Answer' }).click();
  await expect(guide.getByText('There is no span of payments or the bank')).toBeVisible();
  await guide.getByRole('radio', { name: /^For a free connection/ }).check();
  await guide.getByRole('button', { name: 'Answer' }).click();
  await expect(guide.getByRole('group', { name: /^Slots at payments: 16 of 16 taken/ })).toBeVisible();
  await lab.clickService('payments');
  await guide.getByRole('button', { name: 'Answer' }).click();
  await expect(guide.getByText(/\d+ slots/)).toBeVisible();
  await lab.allChecksMet();
  await lab.next();

  await lab.step('A timeout is not enough');
  await guide.getByRole('button', { name: 'Set timeout to 500 ms' }).click();
  await lab.allChecksMet();
  await lab.next();

  await lab.step('Fail fast');
  await lab.predict(/^Drop to about the baseline/);
  await guide.getByRole('button', { name: /circuit breaker to library/i }).click();
  await guide.getByRole('button', { name: /YAML diff/ }).click();
  await expect(page.getByRole('dialog').getByText('BREAKER').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await lab.allChecksMet();
  await expect(guide.getByText('You were right.')).toBeVisible();
  await lab.next();

  await lab.step('Let it heal');
  await guide.getByRole('button', { name: /^Stop “Slow dependency: bank”/ }).click();
  await expect(guide.getByRole('button', { name: '✓ “Slow dependency: bank” is stopped' })).toBeDisabled();
  await lab.allChecksMet();
  await lab.next();

  await lab.step('The bill');
  await guide.getByRole('button', { name: /breaker threshold to 1 %/i }).click();
  await guide.getByRole('button', { name: 'Read my recap' }).click();
  const recap = page.getByRole('dialog', { name: 'Your run, in numbers' });
  for (const phase of ['baseline', 'no breaker', 'timeout only', 'breaker']) {
    const row = recap.getByRole('row').filter({ has: page.getByRole('rowheader', { name: phase, exact: true }) });
    await expect(row.getByRole('cell').nth(1)).toHaveText(/\d m?s$/);
  }
  await expect(recap.getByText('Charged, never accepted')).toBeVisible();
  await recap.getByRole('button', { name: 'Close' }).click();
  await lab.allChecksMet();

  await guide.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start over' }).click();
  await lab.step('The bank has a bad day');
  await expect(guide.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(guide.getByRole('button', { name: 'Next step' })).toBeDisabled();
});

test('two browsers do the same lab without moving each other, and are told who changes the shop', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const [ada, bob] = await Promise.all(
    [0, 1].map(async () => new LabPage(await (await browser.newContext()).newPage())),
  );
  await ada!.open();
  await ada!.begin();
  await ada!.step('The bank has a bad day');
  await bob!.open();
  await expect(bob!.guide.getByRole('button', { name: 'Start the lab' })).toBeVisible();
  await bob!.begin();
  await bob!.step('The bank has a bad day');
  await ada!.guide.getByRole('button', { name: 'Show a hint' }).click();
  await expect(ada!.guide.getByRole('list', { name: 'Hints' })).toBeVisible();
  await expect(bob!.guide.getByRole('list', { name: 'Hints' })).toHaveCount(0);

  await ada!.startFault(/^Start “Slow dependency: bank”/);
  await expect(bob!.guide.getByRole('list', { name: 'Changes by others' })).toContainText(
    'Someone else started a fault',
  );
  await expect(ada!.guide.getByRole('list', { name: 'Changes by others' })).not.toContainText('fault');
  await ada!.allChecksMet();
  await ada!.next();
  await ada!.step('Where the time goes');
  await expect(bob!.guide.getByRole('heading', { level: 1 })).toHaveText('The bank has a bad day');
  await Promise.all([ada!, bob!].map(({ page }) => page.context().close()));
});
