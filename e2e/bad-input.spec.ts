import { expect, test } from '@playwright/test';
import { bringToRest, LabPage, labPath } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('a number out of its bounds is refused in the form, and no fault starts', async ({ page, request }) => {
  const lab = new LabPage(page);
  await lab.open();
  const form = await lab.faultForm('Slow dependency');
  const delay = form.getByRole('spinbutton').first();
  await delay.fill('-5');
  await form.getByRole('button', { name: 'Start fault' }).click();
  await expect.poll(() => delay.evaluate((input: HTMLInputElement) => input.validity.rangeUnderflow)).toBe(true);
  await expect(delay).toBeFocused();
  const { faults } = (await (await request.get('/api/faults')).json()) as { faults: { state: string }[] };
  expect(faults.filter(({ state }) => state === 'active')).toEqual([]);
});

test('a fault on a pod that is gone by now is refused with what to do, in the page', async ({ page, request }) => {
  const lab = new LabPage(page);
  await lab.open();
  const form = await lab.faultForm('Kill a pod');
  const target = form.getByRole('combobox', { name: 'Target' });
  const pod = (await target.getByRole('option').allTextContents()).find((name) => name.startsWith('catalog-'))!;
  await target.selectOption({ label: pod });
  // Somebody else kills it first, and the page hears of it too late: what can be acted on is read and never arrives.
  await page.route('**/api/faults/catalogue', () => {});
  const killed = await request.post('/api/faults', { data: { kind: 'pod-kill', target: pod } });
  expect(killed.status()).toBe(201);
  await expect
    .poll(async () => JSON.stringify(await (await request.get('/api/topology')).json()).includes(pod))
    .toBe(false);
  await form.getByRole('button', { name: 'Start fault' }).click();
  const alert = page.getByRole('region', { name: 'Messages' }).getByRole('alert');
  await expect(alert).toContainText(pod);
  await expect(alert.getByText('unknown-target', { exact: true })).toBeVisible();
});

test('a pod can be killed twice in a row, and what was hit is shown', async ({ page }) => {
  const lab = new LabPage(page);
  await page.goto(`${labPath}?select=catalog`);
  const form = await lab.faultForm('Kill a pod');
  const target = form.getByRole('combobox', { name: 'Target' });
  const ended = lab.controls.getByRole('list', { name: 'Ended faults' });
  let last = '';
  for (let times = 0; times < 2; times++) {
    // The form follows to a pod that is there.
    await expect(target).toHaveValue(/^catalog-/);
    await expect(target).not.toHaveValue(last);
    last = await target.inputValue();
    await form.getByRole('button', { name: 'Start fault' }).click();
    await expect(ended.getByRole('listitem').filter({ hasText: last })).toContainText('1 pod hit');
  }
  await expect(page.getByRole('region', { name: 'Messages' }).getByRole('alert')).toHaveCount(0);
});

test('a lab that does not exist is not found, with the way to those that do', async ({ page }) => {
  const answer = await page.goto('/labs/99-nothing');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('link', { name: /labs/i }).first()).toBeVisible();
});

test('a refused request answers with a code, a message and what to do, and changes nothing', async ({ request }) => {
  const state = async () => ({
    patterns: await (await request.get('/api/patterns')).json(),
    rate: ((await (await request.get('/api/load')).json()) as { rate: number }).rate,
  });
  const before = await state();
  for (const [path, data, status] of [
    ['/api/patterns/no-such-pattern', { option: 'on' }, 404],
    ['/api/patterns/timeout', { option: 'for ever' }, 422],
    ['/api/load', { rate: -1 }, 422],
    ['/api/load', { rate: 'many' }, 422],
  ] as const) {
    const answer = await request.put(path, { data });
    expect(answer.status(), path).toBe(status);
    const { error } = (await answer.json()) as { error: { code: string; message: string; action: string } };
    expect(error.code, path).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(error.message.length, path).toBeGreaterThan(10);
    expect(error.action.length, path).toBeGreaterThan(10);
  }
  expect(await state()).toEqual(before);
});
