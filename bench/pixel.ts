import { chromium } from '@playwright/test';
import { browserArguments, findBrowser } from '../launch/browser.mjs';
import { root } from '../launch/product.ts';
import type { Figure } from './figure.ts';
import type { LabApi } from './lab-api.ts';

const frames = 40;

/** What Chromium needs: from a state's time, by the server's clock, to the paint that shows it; and from a click to its card. */
export async function measurePixel(url: string, api: LabApi, runs: number): Promise<Figure[]> {
  const { path } = await findBrowser(root, process.execPath, () => {});
  const browser = await chromium.launch({ executablePath: path, args: browserArguments() });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}/labs/04-circuit-breaker?tab=faults`);
    await page.getByRole('table', { name: 'Services' }).getByRole('row').nth(5).waitFor({ state: 'attached' });

    const painted = await page.evaluate(
      (wanted) =>
        new Promise<number[]>((resolve) => {
          const delays: number[] = [];
          // The page marks each painted frame with the server's time of it.
          new PerformanceObserver((list, observer) => {
            for (const mark of list.getEntriesByName('breakwater:frame')) {
              delays.push(performance.timeOrigin + mark.startTime - Number((mark as PerformanceMark).detail));
            }
            if (delays.length < wanted) return;
            observer.disconnect();
            resolve(delays);
          }).observe({ type: 'mark' });
        }),
      frames,
    );

    const clicked: number[] = [];
    await page.locator('summary').filter({ hasText: 'Slow dependency' }).click();
    for (let run = 0; run < runs; run++) {
      const since = performance.now();
      await page.getByRole('button', { name: 'Start fault' }).click();
      await page.getByRole('article', { name: 'Slow dependency: bank' }).waitFor();
      clicked.push(performance.now() - since);
      await api.send('DELETE', '/api/faults');
      await api.send('POST', '/api/faults/release');
      await page.getByRole('article').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Start fault', disabled: false }).waitFor();
    }
    return [
      { what: 'State to pixel', unit: 'ms', values: painted, wanted: '< 250 ms' },
      { what: 'Click on "Start fault" to its card on the page', unit: 'ms', values: clicked, wanted: '< 1 000 ms' },
    ];
  } finally {
    await browser.close();
  }
}
