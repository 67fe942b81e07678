import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const entry = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name });

/** Opens the palette by its key and does what these words find first. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(palette(page).getByRole('combobox')).toBeFocused();
  await page.keyboard.type(words);
  await expect(palette(page).getByRole('option', { selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
}

test('the palette finds what the page can do, and does it', async ({ page, request }) => {
  const lab = new LabPage(page);
  await page.goto('/');
  await expect(page.getByRole('link', { name: /Circuit breaker/ })).toBeVisible();
  await page.getByRole('button', { name: 'Commands' }).click();
  await expect(entry(page, /^Lab 4: Circuit breaker/)).toBeVisible();
  await expect(entry(page, 'Traces')).toHaveCount(0); // there are no panels here
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Commands' })).toBeFocused();

  await command(page, 'free play');
  await expect(page).toHaveURL(/\/play/);
  await expect(lab.service('gateway')).toBeAttached({ timeout: 60_000 });
  await command(page, 'traces');
  await expect(page.getByRole('tab', { name: 'Traces' })).toHaveAttribute('aria-selected', 'true');
  await command(page, 'look bank payments');
  await expect(lab.controls.getByRole('heading', { name: 'payments → bank' })).toBeVisible();
  await command(page, 'theme dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await command(page, 'load 120');
  await expect(page.getByRole('button', { name: 'Load: 120 req/s' })).toBeVisible();

  const chosen = async (id: string) => {
    const answer = (await (await request.get('/api/patterns')).json()) as {
      patterns: { id: string; selected: string }[];
    };
    return answer.patterns.find((pattern) => pattern.id === id)?.selected;
  };
  await command(page, 'timeout 500');
  await expect.poll(() => chosen('timeout')).toBe('500ms');
  await command(page, 'breaker threshold 35');
  await expect.poll(() => chosen('breaker-threshold')).toBe('35');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('timeout');
  await expect(entry(page, 'Timeout: 3 s')).toBeVisible();
  await expect(entry(page, 'Timeout: 500 ms')).toHaveCount(0); // it is chosen
  await page.keyboard.type(' xyz');
  await expect(palette(page)).toContainText('Nothing on this page has these words.');
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeHidden();
  await command(page, 'lab circuit');
  await expect(page).toHaveURL(/\/labs\/04-circuit-breaker/);
});

test('keys do what buttons do, and leave what is typed alone', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const tab = (name: string) => page.getByRole('tab', { name });
  for (const [key, name] of [
    ['f', 'Faults'],
    ['i', 'Inspect'],
    ['p', 'Patterns'],
    ['3', 'Logs'],
    ['1', 'Signals'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(tab(name)).toHaveAttribute('aria-selected', 'true');
  }
  const scale = () =>
    page.locator('.react-flow__viewport').evaluate((view) => new DOMMatrix(getComputedStyle(view).transform).a);
  const fitted = await scale();
  await page.keyboard.press('+');
  await expect.poll(scale).toBeGreaterThan(fitted * 1.1);
  await page.keyboard.press('0');
  await expect.poll(scale).toBeCloseTo(fitted, 2);
  await page.keyboard.press('v');
  await expect(page.getByRole('table', { name: 'Services' })).toBeVisible();
  await page.keyboard.press('v');

  await page.keyboard.press('3');
  await page.getByRole('searchbox', { name: 'Search in messages' }).fill('');
  await page.getByRole('searchbox', { name: 'Search in messages' }).pressSequentially('f1i');
  await expect(tab('Logs')).toHaveAttribute('aria-selected', 'true');
  await expect(tab('Patterns')).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('searchbox', { name: 'Search in messages' }).blur();

  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys.getByRole('region', { name: 'Keys: Panels' })).toContainText('Patterns');
  await expect(keys).toContainText('Stop all faults');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  await keys.getByRole('switch', { name: 'Keys without Ctrl' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await page.keyboard.press('1');
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await expect(tab('Logs'), 'the key 1 is off').toHaveAttribute('aria-selected', 'true');

  await page.reload();
  await expect(lab.service('gateway')).toBeAttached({ timeout: 60_000 });
  await page.keyboard.press('1');
  await command(page, 'keys');
  await keys.getByRole('switch', { name: 'Keys without Ctrl' }).check();
  await keys.getByRole('button', { name: 'Close' }).click();
  await expect(tab('Logs'), 'what was chosen is kept').toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('1');
  await expect(tab('Signals')).toHaveAttribute('aria-selected', 'true');
});

test('Esc that closes a dialog or a menu stops no fault; the next one does', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('/play');
  const form = await lab.faultForm('Slow dependency');
  await form.getByLabel('Ends by itself after').fill('600');
  await form.getByRole('button', { name: 'Start fault' }).click();
  const fault = lab.controls.getByRole('article', { name: 'Slow dependency: bank' });
  await expect(fault).toBeVisible();

  const stops: string[] = [];
  page.on('request', (request) => request.method() === 'DELETE' && stops.push(request.url()));
  const opened: [open: () => Promise<void>, name: string][] = [
    [() => page.keyboard.press('Control+k'), 'Commands'],
    [() => page.keyboard.press('?'), 'Keys'],
    [() => page.keyboard.press('r'), 'Load'],
  ];
  for (const [open, name] of opened) {
    await page.getByRole('tab', { name: 'Faults' }).focus();
    await open();
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name })).toBeHidden();
  }
  await command(page, 'patterns');
  expect(stops).toEqual([]);
  await expect(fault).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(page.getByText('All faults are stopped')).toBeVisible();
  expect(stops).toHaveLength(1);
  await expect(fault).toHaveCount(0);
  await command(page, 'release');
  await expect(page.getByText('All faults are stopped')).toBeHidden();
});
