import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { render } from './render.ts';

const configMap = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: one }, data: { A: "1" } }';

/** A kustomization that cannot be rendered: its files, and the code and words of the error. */
const cases: Record<string, { files: Record<string, string>; code: string; says: RegExp }> = {
  'an unknown field': {
    files: { 'kustomization.yaml': 'resourcess: []' },
    code: 'unknown-field',
    says: /kustomization\.yaml has the field `resourcess`/,
  },
  'a field kubectl knows and this renderer does not': {
    files: { 'kustomization.yaml': 'patchesStrategicMerge: [a.yaml]' },
    code: 'unknown-field',
    says: /`patchesStrategicMerge`, which is not supported here; list the patch under `patches`/,
  },
  'an unknown field deep inside': {
    files: { 'kustomization.yaml': 'images: [{ name: a, tag: b }]' },
    code: 'unknown-field',
    says: /images\.0\.tag/,
  },
  'a resource that is not there': {
    files: { 'kustomization.yaml': 'resources: [gone.yaml]' },
    code: 'not-found',
    says: /names .*gone\.yaml, which cannot be read/,
  },
  'a folder without kustomization': {
    files: { 'kustomization.yaml': 'resources: [below]', 'below/other.yaml': configMap },
    code: 'not-found',
    says: /below holds no kustomization\.yaml/,
  },
  'a remote resource': {
    files: { 'kustomization.yaml': 'resources: ["https://example.com/x.yaml"]' },
    code: 'unsupported',
    says: /not fetched/,
  },
  'a folder that includes itself': {
    files: { 'kustomization.yaml': 'resources: [below]', 'below/kustomization.yaml': 'resources: [..]' },
    code: 'cycle',
    says: /includes itself/,
  },
  'a component under resources': {
    files: { 'kustomization.yaml': 'resources: [below]', 'below/kustomization.yaml': 'kind: Component' },
    code: 'malformed',
    says: /is a Component; list it under `components`/,
  },
  'the same object twice': {
    files: { 'kustomization.yaml': 'resources: [a.yaml, b.yaml]', 'a.yaml': configMap, 'b.yaml': configMap },
    code: 'duplicate-resource',
    says: /v1 ConfigMap one is there twice/,
  },
  'bad YAML': {
    files: { 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': 'a: [' },
    code: 'malformed',
    says: /a\.yaml is not valid YAML/,
  },
  'an object without a name': {
    files: { 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': '{ apiVersion: v1, kind: ConfigMap }' },
    code: 'malformed',
    says: /without apiVersion, kind and metadata\.name/,
  },
  'a patch for nothing': {
    files: {
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: p.yaml }]',
      'a.yaml': configMap,
      'p.yaml': configMap.replace('one', 'two'),
    },
    code: 'no-match',
    says: /is for ConfigMap two, but there is none/,
  },
  'a JSON patch that does not apply': {
    files: {
      'kustomization.yaml': `resources: [a.yaml]\npatches: [{ target: { name: one }, patch: '[{"op":"remove","path":"/data/B"}]' }]`,
      'a.yaml': configMap,
    },
    code: 'bad-patch',
    says: /does not apply to v1 ConfigMap one/,
  },
  'a replacement from nothing': {
    files: {
      'kustomization.yaml':
        'resources: [a.yaml]\nreplacements: [{ source: { name: two }, targets: [{ select: { name: one }, fieldPaths: [data.A] }] }]',
      'a.yaml': configMap,
    },
    code: 'no-match',
    says: /source of a replacement .* is not there/,
  },
  'a replacement of a field that is not there': {
    files: {
      'kustomization.yaml':
        'resources: [a.yaml]\nreplacements: [{ source: { name: one, fieldPath: data.A }, targets: [{ select: { name: one }, fieldPaths: [data.B] }] }]',
      'a.yaml': configMap,
    },
    code: 'no-match',
    says: /names data\.B, which v1 ConfigMap one does not have/,
  },
  'replicas of nothing': {
    files: { 'kustomization.yaml': 'replicas: [{ name: web, count: 2 }]' },
    code: 'no-match',
    says: /sets the replicas of web/,
  },
  'a resource outside of the repository': {
    files: { 'kustomization.yaml': 'resources: [../../../../etc/hostname]' },
    code: 'outside-root',
    says: /outside of the repository/,
  },
  'a component outside of the repository': {
    files: { 'kustomization.yaml': 'components: [../../../../etc]' },
    code: 'outside-root',
    says: /outside of the repository/,
  },
  'a file of a generator outside of the repository': {
    files: { 'kustomization.yaml': 'configMapGenerator: [{ name: a, files: [stolen=/../../../../etc/passwd] }]' },
    code: 'outside-root',
    says: /outside of the repository/,
  },
  'a patch outside of the repository': {
    files: { 'kustomization.yaml': 'patches: [{ path: ../../../../etc/passwd }]' },
    code: 'outside-root',
    says: /outside of the repository/,
  },
  'a variable of the server': {
    files: { 'kustomization.yaml': 'configMapGenerator: [{ name: a, envs: [some.env] }]', 'some.env': 'PATH\n' },
    code: 'bad-generator',
    says: /has "PATH" without a value; write PATH=value/,
  },
  'a merge into a ConfigMap that is not there': {
    files: { 'kustomization.yaml': 'configMapGenerator: [{ name: a, behavior: merge, literals: [A=1] }]' },
    code: 'bad-generator',
    says: /There is no ConfigMap a to merge/,
  },
};

describe('what cannot be rendered fails with a code and says where', () => {
  it('a link that leads out of the repository', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'kustomize-'));
    t.after(() => rm(folder, { recursive: true }));
    await symlink('/etc', join(folder, 'etc'));
    await writeFile(join(folder, 'kustomization.yaml'), 'configMapGenerator: [{ name: a, files: [etc/passwd] }]');
    await assert.rejects(render(folder, folder), { code: 'outside-root' });
  });

  for (const [name, { files, code, says }] of Object.entries(cases)) {
    it(name, async (t) => {
      const folder = await mkdtemp(join(tmpdir(), 'kustomize-'));
      t.after(() => rm(folder, { recursive: true }));
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      await assert.rejects(render(folder, folder), (error: Error & { code?: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, says);
        return true;
      });
    });
  }
});
