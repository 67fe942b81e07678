// `npm run screenshots`: the lab page of a running product, with the bank slow and the breaker open, in both themes.
import { chromium, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { labApi } from '../bench/lab-api.ts';
import { browserArguments, findBrowser } from '../launch/browser.mjs';
import { root, startProduct } from '../launch/product.ts';

const folder = join(root, 'docs', 'screenshots');

const product = await startProduct();
try {
  const api = labApi(product.url);
  await api.send('POST', '/api/labs/04-circuit-breaker/start');
  await api.send('PUT', '/api/load', { rate: 60 });
  await api.send('PUT', '/api/patterns/timeout', { option: '500ms' });
  await api.send('PUT', '/api/patterns/circuit-breaker', { option: 'library' });

  const { path } = await findBrowser(root, process.execPath, () => {});
  const browser = await chromium.launch({ executablePath: path, args: browserArguments() });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    await page.goto(`${product.url}/labs/04-circuit-breaker`);
    await page.getByRole('region', { name: 'Topology' }).waitFor();
    // Half a minute of calm, for the charts to have a before.
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const request = { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 3000, percent: 60 }, duration: 120 };
    await api.send('POST', '/api/faults', request);
    mkdirSync(folder, { recursive: true });
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.getByText('payments → bank: breaker open').waitFor({ state: 'attached', timeout: 60_000 });
      await shoot(page, theme);
    }
  } finally {
    await browser.close();
  }
} finally {
  await product.stop();
}

async function shoot(page: Page, theme: string): Promise<void> {
  const path = join(folder, `lab-${theme}.png`);
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
}
