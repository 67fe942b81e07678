import AxeBuilder from '@axe-core/playwright';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { bringToRest, LabPage } from './lab-page.ts';

test.beforeEach(({ request }) => bringToRest(request));

test('what somebody changes by hand is told as drift, with both values, until it is changed back', async ({ page }) => {
  const config = new KubeConfig();
  config.loadFromFile(join(process.env.BREAKWATER_TEST_HOME!, 'kubeconfig'));
  const core = config.makeApiClient(CoreV1Api);
  await choose(page.request, 'delivery-of-changes', 'push');
  await new LabPage(page).open('/play?dock=manifests&tall=1');
  const dock = page.getByRole('region', { name: 'Dock' });
  const status = dock.getByRole('status', { name: 'Sync' });
  await expect(status).toHaveText(/^Synced, \d+ objects$/, { timeout: 60_000 });
  await expect(dock.getByText('at', { exact: false }).filter({ hasText: 'Switch delivery of changes' })).toBeVisible();
  await expect(dock.getByText('stays until the next commit')).toBeVisible();

  const service = { name: 'users', namespace: 'shop' };
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await core.patchNamespacedService({ ...service, body: { spec: { selector: { app: 'nobody' } } } }, merge);
  await expect(status).toHaveText('1 object drifted');
  const rows = dock.getByRole('table', { name: 'Objects', exact: true }).locator(':scope > tbody > tr');
  await expect(rows.first()).toContainText('drifted');
  await expect(rows.first()).toContainText('Service users');
  await dock.locator('summary').filter({ hasText: '1 field differs' }).press('Enter');
  const field = dock.getByRole('table', { name: 'What differs in Service/users' }).getByRole('row').last();
  await expect(field).toHaveText('spec.selector.appusersnobody');
  await dock.getByRole('searchbox', { name: 'Objects with' }).fill('drifted service');
  await expect(rows).toHaveCount(1);
  await expectNoViolations(page, 'drift');

  await choose(page.request, 'delivery-of-changes', 'gitops');
  await expect(status).toHaveText(/^Synced, \d+ objects$/, { timeout: 60_000 });
  await expect(rows, 'nothing drifts').toHaveCount(0);
  await expect(dock.getByText('The last was Service/users spec.selector.app')).toBeVisible();
  expect((await core.readNamespacedService(service)).spec?.selector).toEqual({ app: 'users' });
});

test('a policy that a commit breaks is told with the object, and once commits are held to it the page says why one is refused', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open('/play?dock=manifests&manifests=policies&tall=1');
  const dock = page.getByRole('region', { name: 'Dock' });
  await expect(dock.getByText('Commits are not held to these policies')).toBeVisible();
  const owns = dock
    .getByRole('list', { name: 'Policies' })
    .getByRole('listitem')
    .filter({ hasText: 'No pod owns its node' });
  await expect(owns.first()).toContainText('held');

  commitPrivileged();
  try {
    await expect(owns.first()).toContainText('broken by 1 object');
    await expect(owns.first()).toContainText('Deployment/spare');
  } finally {
    await revertLatest(page.request);
  }
  await expect(owns.first()).toContainText('held');

  await dock.getByRole('switch', { name: 'Policy check' }).press('Space');
  await expect(dock.getByText('Commits are held to these policies')).toBeVisible();
  await expectNoViolations(page, 'policies');
  await lab.controls.locator('summary').filter({ hasText: 'Commits, and your own push' }).click();
  await lab.controls.getByRole('button', { name: /^Revert Revert "Keep a spare pod/ }).click();
  const refusal = page.getByRole('alert').filter({ hasText: 'policy forbids it' });
  await expect(refusal).toContainText('Deployment/spare');
  await expect(owns.first()).toContainText('held');
});

async function choose(request: APIRequestContext, pattern: string, option: string): Promise<void> {
  expect((await request.put(`/api/patterns/${pattern}`, { data: { option } })).ok()).toBe(true);
}

/** By hand, with git: a Deployment that would own its node, had it a pod. */
function commitPrivileged(): void {
  const repository = join(process.env.BREAKWATER_TEST_HOME!, 'desired-state');
  const labels = { app: 'spare' };
  const containers = [{ name: 'spare', image: 'breakwater/auth:dev', securityContext: { privileged: true } }];
  const spec = {
    replicas: 0,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'spare' }, spec };
  appendFileSync(join(repository, 'base/shop/auth.yaml'), `---\n${JSON.stringify(deployment)}\n`);
  const author = ['-c', 'user.name=ada', '-c', 'user.email=ada@localhost'];
  execFileSync('git', ['-C', repository, ...author, 'commit', '-qam', 'Keep a spare pod']);
}

async function revertLatest(request: APIRequestContext): Promise<void> {
  const { commits } = (await (await request.get('/api/commits')).json()) as { commits: { id: string }[] };
  expect((await request.post(`/api/commits/${commits[0]!.id}/revert`)).ok()).toBe(true);
}

async function expectNoViolations(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${where}, ${colorScheme} theme`).toEqual([]);
  }
}
