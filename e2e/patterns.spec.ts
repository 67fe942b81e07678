import { join } from 'node:path';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { expect, test } from '@playwright/test';
import { bringToRest, LabPage, labPath } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('a pattern that is a number is set by the keyboard, by the pointer and by typing, and only when it is let go', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  const patterns = async () => {
    const answer = (await (await page.request.get('/api/patterns')).json()) as {
      patterns: { id: string; selected: string; rolling: boolean }[];
    };
    return answer.patterns;
  };
  const chosen = async () => (await patterns()).find(({ id }) => id === 'breaker-threshold')?.selected;
  const slider = lab.controls.getByRole('slider', { name: 'Breaker threshold' });
  const field = lab.controls.getByRole('spinbutton', { name: 'Breaker threshold in %' });
  await expect(slider).toHaveAttribute('aria-valuetext', '50 %');

  await slider.focus();
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowDown']) await page.keyboard.press(key);
  await expect(field).toHaveValue('47');
  expect(await chosen(), 'arrows are a draft').toBe('50');
  await page.keyboard.press('Escape');
  await expect(field).toHaveValue('50');
  await expect(page.getByText('All faults are stopped')).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect.poll(chosen).toBe('49');
  await expect(lab.controls.getByText('Costs: Too low'), 'a pattern is a quiet line').toHaveCount(0);
  await lab.controls.getByRole('button', { name: 'Breaker threshold', exact: true }).press('Enter');
  await expect(lab.controls.getByText('Costs: Too low')).toBeVisible();
  await lab.controls.getByRole('button', { name: 'Breaker threshold', exact: true }).press('Enter');

  // A rollout that begins or ends, of this pattern or one above it, brings a line or takes it away: the slider would move from under
  // the pointer.
  await expect.poll(async () => (await patterns()).some(({ rolling }) => rolling), { timeout: 60_000 }).toBe(false);
  await expect(lab.controls.getByText('Rolling out')).toHaveCount(0);
  const box = (await slider.boundingBox())!;
  await slider.hover({ position: { x: box.width * 0.49, y: box.height / 2 } });
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2, { steps: 5 });
  await page.mouse.move(box.x - 200, box.y + 300, { steps: 5 });
  expect(await chosen(), 'nothing is applied on the way').toBe('49');
  await page.mouse.up();
  await expect.poll(chosen).toBe('1');

  await field.fill('300');
  await page.keyboard.press('Enter');
  expect(await field.evaluate((input: HTMLInputElement) => input.validity.rangeOverflow)).toBe(true);
  expect(await chosen()).toBe('1');
  await field.fill('35');
  await lab.controls.getByRole('form', { name: 'Breaker threshold' }).getByRole('button', { name: 'Set' }).click();
  await expect.poll(chosen).toBe('35');
  const { commits } = (await (await page.request.get('/api/commits')).json()) as { commits: { title: string }[] };
  expect(commits[0]?.title).toBe('Switch breaker threshold to 35 % on payments → bank');

  const refused = await page.request.put('/api/patterns/breaker-threshold', { data: { option: 101 } });
  expect(refused.status()).toBe(422);
  expect(await refused.json()).toEqual({
    error: {
      code: 'out-of-range',
      message: 'The breaker-threshold of payments → bank cannot be "101": it is more than 100 %.',
      action: 'Choose a number from 1 to 100 %, in steps of 1.',
    },
  });
});

test('patterns are found by a word, by what is selected, and in a lab its own come first; diffs are read when opened', async ({
  page,
}) => {
  const diffs: string[] = [];
  page.on('request', (request) => request.url().includes('/diff') && diffs.push(request.url()));
  const lab = new LabPage(page);
  await lab.open();
  const group = (name: string | RegExp) => lab.controls.getByRole('region', { name });
  // Faults of the test before this one may stand above them for a minute.
  const first = lab.controls
    .getByRole('region')
    .filter({ has: page.getByRole('button', { expanded: false }) })
    .first();
  await expect(first).toHaveAccessibleName('In this lab');
  for (const pattern of ['Timeout', 'Circuit breaker', 'Breaker threshold'])
    await expect(first.getByRole('button', { name: pattern, exact: true })).toBeVisible();

  await lab.clickService('catalog');
  await expect(first).toHaveAccessibleName('At catalog');
  await expect(first.getByRole('button', { name: 'Cache', exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox')).toBeFocused();
  await page.keyboard.type('look gateway orders');
  await page.keyboard.press('Enter');
  await lab.show('Patterns');
  await expect(first).toHaveAccessibleName('At gateway → orders');
  await expect(first.getByRole('slider', { name: 'Canary' })).toBeVisible();
  await page.keyboard.press('x');
  await expect(first).toHaveAccessibleName('In this lab');

  await page.keyboard.press('/');
  const filter = lab.controls.getByRole('searchbox', { name: 'Find a pattern' });
  await expect(filter).toBeFocused();
  await page.keyboard.type('dead');
  await expect(lab.controls.getByRole('status').filter({ hasText: /^1 of \d\d$/ })).toBeVisible();
  await expect(group('rabbitmq → payments').getByRole('radio', { name: 'dead-letter queue' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(filter).toHaveValue('');
  await expect(page.getByText('All faults are stopped')).toBeHidden();

  const breaker = lab.controls.getByRole('button', { name: 'Circuit breaker', exact: true });
  await breaker.click();
  await expect(lab.controls.getByText('When not: Not for a dependency you cannot do without')).toBeVisible();
  expect(diffs, 'nobody has opened one').toEqual([]);
  await lab.controls.getByRole('button', { name: 'See the YAML diff: Circuit breaker' }).click();
  await expect(page.getByRole('dialog').getByText(/\d+ lines of YAML/)).toBeVisible();
  await expect(page.getByRole('dialog').getByText('BREAKER').first()).toBeVisible();
  expect(diffs).toHaveLength(1);
});

test('what somebody changes in the cluster is changed back, and the page says so by itself', async ({ page }) => {
  const config = new KubeConfig();
  config.loadFromFile(join(process.env.BREAKWATER_TEST_HOME!, 'kubeconfig'));
  const core = config.makeApiClient(CoreV1Api);
  const lab = new LabPage(page);
  await lab.open();
  const service = { name: 'catalog', namespace: 'shop' };
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await core.patchNamespacedService({ ...service, body: { spec: { selector: { app: 'nobody' } } } }, merge);
  const note = lab.controls.getByRole('listitem').filter({ hasText: 'Service/catalog spec.selector.app' });
  // Long before everything is looked at again, every 30 s.
  await expect(note).toBeVisible({ timeout: 5_000 });
  expect((await core.readNamespacedService(service)).spec?.selector).toEqual({ app: 'catalog' });
});

test('logs are in the pods alone until somebody collects them; then they are found by a word, and lead to their trace', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(`${labPath}?dock=logs`);
  const dock = page.getByRole('region', { name: 'Dock' });
  await expect(dock.getByText('they are only in the pods')).toBeVisible();
  expect((await page.request.put('/api/patterns/log-collection', { data: { option: 'daemonset' } })).ok()).toBe(true);
  await expect(dock.getByText('3 node agents, synchronous')).toBeVisible({ timeout: 60_000 });

  await dock.getByRole('searchbox', { name: 'Search in messages' }).fill('ANSWERED');
  const records = dock.getByRole('list', { name: 'Log records' });
  await expect(records.getByRole('button').first()).toContainText('Answered', { timeout: 60_000 });
  await dock.getByRole('button', { name: 'Pause' }).click();
  await records.getByRole('button').first().press('Enter');
  await records.getByRole('button', { name: /^[0-9a-f]{32}$/ }).click();
  await dock.getByRole('button', { name: 'Logs of this trace' }).click();
  await expect(dock.getByRole('button', { name: 'Show logs of all traces' })).toBeVisible();
  await expect(records.getByRole('button').first()).toBeVisible();
});
