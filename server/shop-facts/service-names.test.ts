import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');
const services = new Set(
  globSync('*/main.ts', { cwd: join(root, 'cluster/shop/services') }).map((path) => path.split('/')[0]!),
);
const places = '{server,components,cluster/faults,cluster/embedded}/**/*.{ts,tsx}';
const notOfTheProduct = /\.(test|bench|spec)\.tsx?$|\/testing\//;

/** The only files that may name a service, and why. */
const exceptions: Record<string, string> = {
  'server/compose.ts': '"orders" is a book of the ledger there, not who keeps it',
  'server/telemetry/span-packing.ts':
    'what spans often say, for a better compression: any other name costs some bytes, no more',
  'server/http/routes/measurements.ts': "an example in the API's description",
  'cluster/embedded/apiserver/auth/authenticator.ts': '"users" is the resource that impersonation asks about there',
  'cluster/embedded/apiserver/subresources/proxy.ts': '"proxy" is the subresource there',
  'cluster/embedded/apiserver/subresources/node-proxy.ts': '"proxy" is the subresource there',
  'cluster/embedded/apiserver/http/request-info.ts': '"proxy" is the subresource there',
  'server/log-agents/log-agents.ts': '"log-agent" is a container there, in whatever pod it stands',
  'server/contract/faults.ts': "an example in the API's description",
};

/** Whether a text is the name of a service, a list of them, an edge between them, or an address of one. */
function namesService(text: string): boolean {
  if ([...text.matchAll(/\/\/([a-z-]+)[.:/]/g)].some(([, host]) => services.has(host!))) return true;
  const words = text.split(/[\s,>]+/).filter(Boolean);
  return words.length > 0 && words.every((word) => services.has(word));
}

function literals(text: string, file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      found.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(
    ts.createSourceFile(
      file,
      text,
      ts.ScriptTarget.Latest,
      false,
      file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
    ),
  );
  return found;
}

test('a service is recognised as a name, in a list, as an edge and as an address, and not in prose', () => {
  const code =
    "const a = ['bank', 'payments>bank', 'loadgen gateway', 'http://orders:8080/'], b = `the bank ${a} orders`;";
  const found = literals(code, 'code.ts').filter(namesService);
  assert.deepEqual(found, ['bank', 'payments>bank', 'loadgen gateway', 'http://orders:8080/', ' orders']);
  assert.ok(!namesService('The bank answers late.'));
});

test('no service of the shop is named in the code of the lab, its page, the faults and the cluster', () => {
  const named = globSync(places, { cwd: root })
    .filter((file) => !notOfTheProduct.test(file))
    .flatMap((file) => {
      const all = literals(readFileSync(join(root, file), 'utf8'), file).filter(namesService);
      return all.map((name) => ({ file, name }));
    });
  assert.deepEqual(
    named.filter(({ file }) => !exceptions[file]),
    [],
  );
  const needed = Object.keys(exceptions).filter((exception) => named.some(({ file }) => file === exception));
  assert.deepEqual(needed, Object.keys(exceptions), 'an exception that is needed no more goes');
});
