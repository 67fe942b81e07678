import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One import against each rule: the file that imports, what it imports, and the rule it breaks. */
const breaches: [from: string, to: string, rule: string][] = [
  ['app/page.ts', 'server/session/session.ts', 'app'],
  ['components/chart.ts', 'server/session/session.ts', 'components'],
  ['components/topology.ts', 'server/contract/topology.ts', 'contract-is-types'],
  ['server/contract/frame.ts', 'server/session/session.ts', 'contract'],
  ['server/http/routes.ts', 'cluster/embedded/store/store.ts', 'server'],
  ['labs/04/lab.ts', 'cluster/client/cluster.ts', 'labs'],
  ['cluster/client/informer.ts', 'server/session/session.ts', 'cluster'],
  ['cluster/faults/kill.ts', 'cluster/embedded/reaper.ts', 'client'],
  ['cluster/embedded/controllers/deployment.ts', 'cluster/embedded/store/store.ts', 'controllers'],
  ['cluster/embedded/scheduler/scheduler.ts', 'cluster/embedded/kubelet/kubelet.ts', 'controllers-apart'],
  ['cluster/embedded/store/journal.ts', 'cluster/embedded/kubelet/kubelet.ts', 'store'],
  ['cluster/embedded/network/data-plane/main.ts', 'cluster/embedded/kubelet/kubelet.ts', 'data-plane'],
  ['cluster/network-faults/latency.ts', 'cluster/client/cluster.ts', 'network-faults'],
  ['cluster/shop/services/orders/main.ts', 'cluster/client/cluster.ts', 'shop'],
  ['cluster/shop/services/bank/main.ts', 'cluster/shop/services/auth/main.ts', 'services-apart'],
  ['cluster/shop/services/shop-monolith/main.ts', 'cluster/shop/services/orders/checkout.ts', 'modules-only'],
  ['launch/start.ts', 'server/session/session.ts', 'launch'],
  ['e2e/journey.ts', 'server/session/session.ts', 'e2e'],
  ['server/metrics.ts', 'bench/main.ts', 'nothing-needs-tests'],
  ['server/compile.ts', 'typescript', 'no-dev-packages'],
  ['server/lost.ts', './nowhere.ts', 'no-unresolvable'],
];

let folder: string;
let violations: { from: string; rule: { name: string } }[];

/** A repository in small, laid out as ours, in which every rule is broken. */
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-arrows-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [, to] of breaches) if (/\/\w+\.ts$/.test(to)) write(to, 'export const value = 1;\n');
  for (const [from, to] of breaches) {
    const target = to.includes('/') && !to.startsWith('.') ? `${'../'.repeat(from.split('/').length - 1)}${to}` : to;
    write(from, `import * as imported from '${target}';\nexport const value = imported;\n`);
  }
  write('server/round.ts', "import * as about from './about.ts';\nexport const value = () => about;\n");
  write('server/about.ts', "import * as round from './round.ts';\nexport const value = () => round;\n");
  write(
    'app/fine.ts',
    "import type { value } from '../server/contract/topology.ts';\nexport type Fine = typeof value;\n",
  );
  write('node_modules/typescript/package.json', '{ "name": "typescript", "version": "1.0.0", "main": "index.js" }');
  write('node_modules/typescript/index.js', '');
  write('package.json', '{ "devDependencies": { "typescript": "1.0.0" } }');
  write(
    'tsconfig.json',
    '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true, "verbatimModuleSyntax": true } }',
  );
  const cruise = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [cruise, '--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', '.'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  assert.match(stdout, /^\{/, stderr);
  violations = JSON.parse(stdout).summary.violations;
});

after(() => rmSync(folder, { recursive: true, force: true }));

for (const [from, to, rule] of breaches) {
  test(`${from} must not import ${to} (${rule})`, () => {
    assert.ok(rulesBrokenBy(from).includes(rule), `broken: ${rulesBrokenBy(from).join(', ') || 'none'}`);
  });
}

test('two modules that import each other are a cycle', () => {
  const broken = [...rulesBrokenBy('server/round.ts'), ...rulesBrokenBy('server/about.ts')];
  assert.ok(broken.includes('no-cycles'));
});

test('a page may import types of the contract', () => {
  assert.deepEqual(rulesBrokenBy('app/fine.ts'), []);
});

function rulesBrokenBy(from: string): string[] {
  return violations.filter((violation) => violation.from === from).map(({ rule }) => rule.name);
}
