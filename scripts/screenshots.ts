// `npm run screenshots`: the circuit breaker lab of a running product at its fourth step, with the bank slow and the
// breaker open, in both themes.
import { chromium, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { until, type LabApi } from '../bench/lab-api.ts';
import { browserArguments, findBrowser } from '../launch/browser.mjs';
import { buildPage } from '../launch/page-build.mjs';
import { createPhases } from '../launch/phases.mjs';
import { root, startProduct } from '../launch/product.ts';

const folder = join(root, 'docs', 'screenshots');
const lab = '/api/labs/04-circuit-breaker';
/** Index of the step "Fail fast". */
const failFast = 3;

interface LabRun {
  busy: string | null;
  checks: { state: string }[];
}

await buildPage(root, process.execPath, createPhases(process.stdout));
const product = await startProduct();
try {
  const { path } = await findBrowser(root, process.execPath, () => {});
  const browser = await chromium.launch({ executablePath: path, args: browserArguments() });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    await page.goto(`${product.url}/labs/04-circuit-breaker`);
    const api = participantOf(page, product.url);
    await walkTo(failFast, api);
    await api.send('POST', `${lab}/predict`, { option: 'drops' });
    await api.send('PUT', '/api/patterns/circuit-breaker', { option: 'library' });
    await shoot(page, 'light');
    await shoot(page, 'dark');
  } finally {
    await browser.close();
  }
} finally {
  await product.stop();
}

/** The API as this page's participant: the run is theirs. */
function participantOf(page: Page, url: string): LabApi {
  const ask = async <T>(method: string, path: string, data?: unknown): Promise<T> => {
    const answer = await page.request.fetch(`${url}${path}`, { method, data });
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return { get: (path) => ask('GET', path), send: ask };
}

/** Has every step before that one done, as "Show me" does it. */
async function walkTo(step: number, api: LabApi): Promise<void> {
  await api.send('POST', `${lab}/start`);
  for (let index = 0; index < step; index++) {
    await api.send('POST', `${lab}/show-me`);
    await until(async () => {
      const { busy, checks } = await api.get<LabRun>(lab);
      return busy === null && checks.every(({ state }) => state === 'met');
    }, 120_000);
    await api.send('POST', `${lab}/step`, { index: index + 1 });
  }
}

/** Once the page shows the breaker open and the gateway fast again. */
async function shoot(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.getByText('payments → bank: breaker open').waitFor({ state: 'attached', timeout: 60_000 });
  const gateway = page.getByRole('button', { name: /^gateway: / });
  await until(async () => /p95 (\d\d?|1[0-4]\d) ms/.test((await gateway.getAttribute('aria-label')) ?? ''), 60_000);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `lab-${theme}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  process.stdout.write(`${path}\n`);
}
