import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';

export const labPath = '/labs/04-circuit-breaker';

/** A step on a slow machine, ms. */
const stepMs = 90_000;

/** The lab page as a person finds their way on it: by the names of things. */
export class LabPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens it and waits until the shop is drawn. */
  async open(path = labPath): Promise<void> {
    await this.page.goto(path);
    await expect(this.service('gateway')).toBeAttached({ timeout: 60_000 });
  }

  /** Starts the lab; over, where there is a run already, as another test may have left it. */
  async begin(): Promise<void> {
    const start = this.guide.getByRole('button', { name: 'Start the lab' });
    const startOver = this.guide.getByRole('button', { name: 'Start over' });
    await expect(start.or(startOver)).toBeEnabled({ timeout: 30_000 });
    if (await start.isVisible()) return start.click();
    await startOver.click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Start over' }).click();
  }

  get guide(): Locator {
    return this.page.getByRole('complementary', { name: 'Guide' });
  }

  /** Waits for a step, and that it begins in its start state: no check of it is met. */
  async step(title: string): Promise<void> {
    await expect(this.guide.getByRole('heading', { name: title, level: 1 })).toBeVisible({ timeout: 30_000 });
    await expect(this.guide.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 });
    await expect(this.checks.first()).toBeVisible();
    for (const check of await this.checks.all()) await expect(check).not.toContainText('(met)');
  }

  /** Starts a fault by the button in the text, which waits until the shop was measured at rest. */
  async startFault(name: RegExp): Promise<void> {
    const button = this.guide.getByRole('button', { name });
    await expect(button).toBeEnabled({ timeout: 60_000 });
    await button.click();
  }

  get checks(): Locator {
    return this.guide.getByRole('group', { name: /^Check:/ });
  }

  async allChecksMet(): Promise<void> {
    await expect(this.checks.first()).toBeVisible();
    for (const check of await this.checks.all()) await expect(check).toContainText('(met)', { timeout: stepMs });
  }

  async next(): Promise<void> {
    await this.guide.getByRole('button', { name: 'Next step' }).click();
  }

  /** Chooses an answer of the prediction, and locks it. */
  async predict(answer: RegExp): Promise<void> {
    await this.guide.getByRole('radio', { name: answer }).check();
    await this.lock();
  }

  async lock(): Promise<void> {
    await this.guide.getByRole('button', { name: 'Lock my prediction' }).click();
    await expect(this.guide.getByText('Locked. Now find out.')).toBeVisible();
  }

  /** Clicks a service in the drawing. */
  async clickService(name: string): Promise<void> {
    await this.page
      .locator('.react-flow')
      .getByRole('button', { name: new RegExp(`^${name}[,:]`) })
      .click();
  }

  get controls(): Locator {
    return this.page.getByRole('complementary', { name: 'Controls' });
  }

  /** Card of a service in the drawing; its name tells all that is in it. */
  service(name: string): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^${name}(, a third party)?: `) });
  }

  /** p95 of a service in ms; NaN while it has no traffic. */
  async p95(name: string): Promise<number> {
    return toMilliseconds(/p95 ([<\d.\s]+ m?s)/.exec(await this.#words(name))?.[1] ?? '');
  }

  /** Requests a second that a service handles; NaN while it has no traffic. */
  async rate(name: string): Promise<number> {
    return Number.parseFloat(/([<\d.\s]+)\/s/.exec(await this.#words(name))?.[1]?.replace(/[\s<]/g, '') ?? '');
  }

  /** What is written in the drawing where something else stands: words of edges on each other or on a card. */
  async overlaps(): Promise<string[]> {
    return this.page.evaluate(() => {
      const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
      const words = all('.react-flow__edgelabel-renderer button').filter(
        (label) => label.innerText !== '' && getComputedStyle(label).opacity !== '0',
      );
      const boxes = [...words, ...all('.react-flow__node button')].map((element) => ({
        name: element.getAttribute('aria-label')?.split(':')[0] ?? element.textContent,
        box: element.getBoundingClientRect(),
      }));
      return boxes.slice(0, words.length).flatMap(({ name, box }, i) =>
        boxes
          .slice(i + 1)
          .filter(({ box: { left, right, top, bottom } }) => {
            return box.left < right && left < box.right && box.top < bottom && top < box.bottom;
          })
          .map((other) => `${name} and ${other.name}`),
      );
    });
  }

  /** The badge on an edge of the drawing. */
  breakerBadge(call: string, state: 'closed' | 'open' | 'half-open'): Locator {
    return this.page.getByText(`${call}: breaker ${state}`);
  }

  async show(panel: 'Patterns' | 'Faults' | 'Inspect'): Promise<void> {
    await this.controls.getByRole('tab', { name: panel }).click();
  }

  async setLoad(rate: number): Promise<void> {
    await this.page.getByRole('button', { name: /^Load:/ }).click();
    await this.page
      .getByRole('dialog', { name: 'Load' })
      .getByRole('button', { name: String(rate), exact: true })
      .click();
    await this.page.keyboard.press('Escape');
    await expect(this.page.getByRole('button', { name: `Load: ${rate} req/s` })).toBeVisible();
  }

  /** Opens the form of a kind of fault. */
  async faultForm(title: string): Promise<Locator> {
    await this.show('Faults');
    await this.controls.locator('summary').filter({ hasText: title }).click();
    return this.controls.getByRole('form', { name: title });
  }

  async #words(name: string): Promise<string> {
    return (await this.service(name).getAttribute('aria-label')) ?? '';
  }
}

/** `1 234 ms` or `1.2 s` as a number of milliseconds. */
function toMilliseconds(text: string): number {
  return Number.parseFloat(text.replace(/[\s<]/g, '')) * (text.endsWith('ms') ? 1 : 1000);
}

/** Brings the shop to rest: no faults, no patterns, 60 requests a second. The journeys share one product. */
export async function bringToRest(request: APIRequestContext): Promise<void> {
  expect((await request.delete('/api/faults')).ok()).toBe(true);
  expect((await request.post('/api/faults/release')).ok()).toBe(true);
  const { patterns } = (await (await request.get('/api/patterns')).json()) as { patterns: PatternState[] };
  for (const { id, selected, default: option } of patterns) {
    if (selected === option) continue;
    expect((await request.put(`/api/patterns/${id}`, { data: { option } })).ok()).toBe(true);
  }
  expect((await request.put('/api/load', { data: { rate: 60 } })).ok()).toBe(true);
  await expect
    .poll(
      async () => {
        const { patterns } = (await (await request.get('/api/patterns')).json()) as { patterns: PatternState[] };
        return patterns.some(({ rolling }) => rolling);
      },
      { timeout: 60_000 },
    )
    .toBe(false);
  // Pods that were just replaced, on a busy machine, take their time to accept orders.
  await expect.poll(async () => (await request.get('/healthz')).status(), { timeout: 90_000 }).toBe(200);
}

interface PatternState {
  id: string;
  selected: string;
  rolling: boolean;
  default: string;
}
