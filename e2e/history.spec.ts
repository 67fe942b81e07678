import { expect, test } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('the history of the desired state shows commits as they come, and takes one back', async ({ page, request }) => {
  const lab = new LabPage(page);
  await lab.open('/play');
  await lab.controls.locator('summary').filter({ hasText: 'Commits, and your own push' }).click();
  const commits = lab.controls.getByRole('list', { name: 'Commits' }).getByRole('listitem');
  await expect(commits.first()).toBeVisible();
  // The tests before this one may have made more commits than the list opens with.
  const older = lab.controls.getByRole('button', { name: /older commits?$/ });
  if (await older.isVisible()) await older.click();
  await expect(commits.last()).toContainText('Start from the shipped manifests');
  await expect(lab.controls.getByText(/^git clone http.*desired-state\.git$/)).toBeVisible();

  // By somebody else, while it is open.
  expect((await request.put('/api/patterns/timeout', { data: { option: '500ms' } })).ok()).toBe(true);
  await expect(commits.first()).toContainText('Switch timeout to 500 ms');
  const revert = commits.first().getByRole('button', { name: /^Revert/ });
  const { height } = (await revert.boundingBox())!;
  const lineHeight = await revert.evaluate((button) => Number.parseFloat(getComputedStyle(button).lineHeight));
  expect(height, 'its word stands in one line').toBeLessThan(2 * lineHeight);

  await revert.click();
  await expect(commits.first()).toContainText('Revert "Switch timeout to 500 ms');
  await expect(
    lab.controls.getByRole('radiogroup', { name: 'Timeout' }).getByRole('radio', { name: 'none' }),
  ).toBeChecked();
});
