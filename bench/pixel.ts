import { chromium } from '@playwright/test';
import { browserArguments, findBrowser } from '../launch/browser.mjs';
import { root } from '../launch/product.ts';
import type { Figure } from './figure.ts';
import type { LabApi } from './lab-api.ts';

/** Changes of the load, one after the other. */
const changes = 40;

/**
 * In Chromium: from asking the server for a change of state to the paint that shows it, which includes the wait for the next
 * of four frames a second; from a frame's sending to its paint; and from a click to its card.
 */
export async function measurePixel(url: string, api: LabApi, runs: number): Promise<Figure[]> {
  const { path } = await findBrowser(root, process.execPath, () => {});
  const browser = await chromium.launch({ executablePath: path, args: browserArguments() });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}/labs/04-circuit-breaker?tab=faults`);
    await page.getByRole('button', { name: /^gateway: / }).waitFor({ state: 'attached' });

    const painted = await page.evaluate(changeAndWatch, changes);

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
      {
        what: 'State to pixel: a change asked for to its paint',
        unit: 'ms',
        values: painted.changes,
        wanted: '< 250 ms',
      },
      { what: 'A frame sent to its paint', unit: 'ms', values: painted.frames },
      { what: 'Click on "Start fault" to its card on the page', unit: 'ms', values: clicked, wanted: '< 1 000 ms' },
    ];
  } finally {
    await browser.close();
  }
}

/** Runs in the page, which marks each painted frame with the server's time of it. Both clocks are this machine's. */
async function changeAndWatch(count: number): Promise<{ changes: number[]; frames: number[] }> {
  const frames: number[] = [];
  let onPaint = (_at: number) => {};
  const observer = new PerformanceObserver((list) => {
    for (const mark of list.getEntriesByName('breakwater:frame')) {
      frames.push(performance.timeOrigin + mark.startTime - Number((mark as PerformanceMark).detail));
      onPaint(mark.startTime);
    }
  });
  observer.observe({ type: 'mark' });

  const changes: number[] = [];
  for (let i = 0; i < count; i++) {
    // Anywhere between two frames, as people click.
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 250));
    const rate = i % 2 === 0 ? 55 : 60;
    const painted = new Promise<number>((resolve) => {
      onPaint = (at) => document.querySelector(`[aria-label="Load: ${rate} req/s"]`) && resolve(at);
    });
    const since = performance.now();
    const body = JSON.stringify({ rate });
    const answer = await fetch('/api/load', { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
    if (!answer.ok) throw new Error(`PUT /api/load answered ${answer.status}`);
    changes.push((await painted) - since);
  }
  observer.disconnect();
  return { changes, frames };
}
