import { expect, test, type Page } from '@playwright/test';
import { bringToRest, LabPage, labPath } from './lab-page.ts';
import { writtenLab } from './product.ts';

test.beforeEach(({ request }) => bringToRest(request));

/** What the browser complains of: React tells there that a page came to life as another one than was built ahead. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return complaints;
}

test('the catalogue leads to every lab without loading a page, and back', async ({ page }) => {
  const complaints = complaintsOf(page);
  const lab = new LabPage(page);
  await page.goto('/');
  const labs = page.getByRole('list', { name: 'Labs' });
  const loadedAt = await page.evaluate(() => performance.timeOrigin);
  for (const [path, title] of [
    [labPath, 'Circuit breaker'],
    [`/labs/${writtenLab}`, writtenLab],
  ] as const) {
    await labs.locator(`a[href="${path}"]`).click();
    await expect(page).toHaveURL(path);
    await expect(lab.guide.getByRole('heading', { level: 1 })).toContainText(title);
    await page.goBack();
    await expect(labs).toBeVisible();
  }
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loadedAt);
  expect(complaints).toEqual([]);
});

test('a lab that is being written opens by its address, and tells what is wrong with it', async ({ page }) => {
  const complaints = complaintsOf(page);
  const lab = new LabPage(page);
  await lab.open(`/labs/${writtenLab}`);
  await expect(lab.guide.getByRole('heading', { level: 1 })).toHaveText(writtenLab);
  await expect(page).toHaveTitle(`${writtenLab} · Breakwater`);
  await expect(page.getByRole('banner')).toContainText(writtenLab);
  await expect(lab.guide.getByRole('alert')).toContainText(`labs/${writtenLab}/lab.yaml`);
  expect(complaints).toEqual([]);
});

test('what a lab page loads comes compressed, and its scripts only once', async ({ page }) => {
  const encodings = new Map<string, string | undefined>();
  page.on('requestfinished', async (request) => {
    if (!/\/_next\/static\/.*\.(js|css)$/.test(request.url()) || encodings.has(request.url())) return;
    encodings.set(request.url(), (await request.response())?.headers()['content-encoding']);
  });
  const lab = new LabPage(page);
  await lab.open();
  const loaded = new Map(encodings); // parts that come late may not be here yet
  expect(loaded.size).toBeGreaterThan(3);
  for (const [url, encoding] of loaded) expect(encoding, url).toBe('gzip');
  await lab.open();
  const entries = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).map(({ name, transferSize }) => {
      return { name, transferSize };
    }),
  );
  const again = entries.filter(({ name }) => loaded.has(name));
  expect(again.length).toBeGreaterThan(3);
  expect(again.filter(({ transferSize }) => transferSize > 0)).toEqual([]);
});
