import { chromium } from '@playwright/test';
import { browserArguments, findBrowser } from '../launch/browser.mjs';
import { root } from '../launch/product.ts';
import type { Figure } from './figure.ts';
import type { LabApi } from './lab-api.ts';

/** From a fault's start, by the server's clock, to the frame in which the browser painted its name. */
export async function measurePixel(url: string, api: LabApi, runs: number): Promise<Figure[]> {
  const { path } = await findBrowser(root, process.execPath, () => {});
  const browser = await chromium.launch({ executablePath: path, args: browserArguments() });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}/labs/04-circuit-breaker`);
    await page
      .getByRole('group', { name: /^bank,/ })
      .or(page.getByText('third party'))
      .first()
      .waitFor();
    const values: number[] = [];
    for (let run = 0; run < runs; run++) {
      const painted = page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const seen = () => /ends in/.test(document.body.innerText);
            const observer = new MutationObserver(() => {
              if (!seen()) return;
              observer.disconnect();
              // The second callback runs after the frame with the change was painted.
              requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
            });
            observer.observe(document.body, { childList: true, subtree: true, characterData: true });
          }),
      );
      const request = { kind: 'bank-slow', target: 'bank', duration: 60 };
      const { startedAt } = await api.send<{ startedAt: number }>('POST', '/api/faults', request);
      values.push((await painted) - startedAt);
      await api.send('DELETE', '/api/faults');
      await api.send('POST', '/api/faults/release');
      await page.waitForFunction(() => !/ends in/.test(document.body.innerText));
    }
    return [{ what: 'Fault started to its card painted in Chromium', unit: 'ms', values, wanted: '< 1 000 ms' }];
  } finally {
    await browser.close();
  }
}
