import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('axe finds nothing, in either theme', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: /Circuit breaker/ })).toBeVisible();
  await expectNoViolations(page, 'catalogue');

  const lab = new LabPage(page);
  await lab.open();
  await expect.poll(() => lab.rate('gateway')).toBeGreaterThan(10);
  await expectNoViolations(page, 'lab, patterns');
  await lab.faultForm('Slow dependency');
  await expectNoViolations(page, 'lab, faults');
});

async function expectNoViolations(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`,
    );
    expect(found, `${where}, ${colorScheme} theme`).toEqual([]);
  }
}

test('everything a lab asks for can be done by keyboard', async ({ page }) => {
  const lab = new LabPage(page);
  await page.goto('/');
  await expect(page.getByRole('link', { name: /Circuit breaker/ })).toBeVisible();
  await tabTo(page, /Circuit breaker/);
  await page.keyboard.press('Enter');
  await expect(lab.service('gateway')).toBeAttached();

  await tabTo(page, /^Patterns$/);
  await page.keyboard.press('ArrowRight');
  await expect(lab.controls.getByRole('tab', { name: 'Faults' })).toBeFocused();
  await expect(lab.controls.getByRole('tab', { name: 'Faults' })).toHaveAttribute('aria-selected', 'true');

  await tabTo(page, /^Slow dependency/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Start fault$/);
  await page.keyboard.press('Enter');
  const fault = lab.controls.getByRole('article', { name: 'Slow dependency: bank' });
  await expect(fault).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(fault).toHaveCount(0);
  await tabTo(page, /^Release$/);
  await page.keyboard.press('Enter');
  await expect(page.getByText('All faults are stopped')).toBeHidden();
});

/** Presses Tab until the element with the focus has that name, or text. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? (activeElement as HTMLElement | null)?.innerText ?? '';
    });
    if (name.test(focused)) return;
    passed.push(focused.slice(0, 40));
  }
  throw new Error(`Tab never came to ${name}; it passed ${passed.join(' | ')}`);
}
