import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { invalid, ok, refused } from '../expect.ts';
import { configMap, pod } from '../objects.ts';
import { event, inPhase, log, make, output, read } from '../pods.ts';

const put = async ({ api, core }: World, plural: string, object: Json) => ok(await api.post(core(plural), object));
const mount = (more: object = {}) => ({ volumeMounts: [{ name: 'files', mountPath: '/etc/files', ...more }] });
const volume = (source: object) => ({ volumes: [{ name: 'files', ...source }] });
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'words' }, stringData: { word: 'open sesame' } };
const show = (path: string) => `console.log(require('node:fs').readFileSync('${path}', 'utf8'))`;
/** Prints the file whenever its text is another one. */
const follow = (path: string) => `
let last;
const look = () => {
  let text;
  try { text = require('node:fs').readFileSync('${path}', 'utf8'); } catch (error) { text = error.code; }
  if (text !== last) console.log(last = text);
};
look(); setInterval(look, 50); process.on('SIGTERM', () => process.exit(0))`;

/** A kubelet of a real cluster looks anew about once a minute, or sooner when its pod changes. */
const nudge = ({ api, core }: World, value: string) =>
  api.patch(core('pods/some'), 'merge', { metadata: { annotations: { nudge: value } } });
const logHas = (world: World, text: string) =>
  eventually(`the program reads ${text}`, async () => {
    await nudge(world, String(performance.now()));
    return (await log(world)).includes(text);
  });

export const volumes = topic('volumes', {
  'the keys of a ConfigMap are files': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue', sea: 'green' }));
    const code = `const fs = require('node:fs');
      console.log(fs.readdirSync('/etc/files').filter((name) => !name.startsWith('..')).join());
      console.log(fs.readFileSync('/etc/files/sky', 'utf8'), fs.existsSync('/etc/files/sand'));`;
    const said = await output(world, code, mount(), volume({ configMap: { name: 'colors' } }));
    assert.equal(said, 'sea,sky\nblue false\n');
  },
  'binary data of a ConfigMap is a file of its bytes': async (world) => {
    const binaryData = { bytes: Buffer.from([0, 255, 10]).toString('base64') };
    await put(world, 'configmaps', { ...configMap('colors', {}), binaryData });
    const code = `console.log(require('node:fs').readFileSync('/etc/files/bytes').toString('hex'))`;
    assert.equal(await output(world, code, mount(), volume({ configMap: { name: 'colors' } })), '00ff0a\n');
  },
  'chosen keys are files at chosen paths, with chosen modes': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue', sea: 'green' }));
    const items = [
      { key: 'sky', path: 'above/sky.txt', mode: 0o400 },
      { key: 'sea', path: 'sea.txt' },
    ];
    const code = `const fs = require('node:fs');
      const mode = (path) => (fs.statSync(path).mode & 0o777).toString(8);
      console.log(fs.readFileSync('/etc/files/above/sky.txt', 'utf8'), mode('/etc/files/above/sky.txt'));
      console.log(mode('/etc/files/sea.txt'), fs.existsSync('/etc/files/sky'));`;
    const source = { configMap: { name: 'colors', items, defaultMode: 0o440 } };
    assert.equal(await output(world, code, mount(), volume(source)), 'blue 400\n440 false\n');
  },
  'files of a ConfigMap are links to the version in force': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue' }));
    const code = `const fs = require('node:fs');
      console.log(fs.readlinkSync('/etc/files/sky'), fs.readlinkSync('/etc/files/..data').startsWith('..'));
      console.log(/^\\/etc\\/files\\/\\.\\.\\d{4}[^/]*\\/sky$/.test(fs.realpathSync('/etc/files/sky')));`;
    const said = await output(world, code, mount(), volume({ configMap: { name: 'colors' } }));
    assert.equal(said, '..data/sky true\ntrue\n');
  },
  'a changed ConfigMap changes the files of a running pod': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue' }));
    await make(world, pod('some', follow('/etc/files/sky'), mount(), volume({ configMap: { name: 'colors' } })));
    await logHas(world, 'blue');
    ok(await world.api.patch(world.core('configmaps/colors'), 'merge', { data: { sky: 'grey' } }));
    await logHas(world, 'grey');
    assert.equal(await log(world), 'blue\ngrey\n');
  },
  'a key that leaves a ConfigMap leaves the files': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue', sea: 'green' }));
    await make(world, pod('some', follow('/etc/files/sky'), mount(), volume({ configMap: { name: 'colors' } })));
    await logHas(world, 'blue');
    ok(await world.api.patch(world.core('configmaps/colors'), 'merge', { data: { sky: null } }));
    await logHas(world, 'ENOENT');
  },
  'a mounted sub-path of a ConfigMap stays as it was': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue', sea: 'green' }));
    const volumeMounts = [
      { name: 'files', mountPath: '/etc/files' },
      { name: 'files', mountPath: '/etc/sky.conf', subPath: 'sky' },
    ];
    const code = `${follow('/etc/files/sky')};
      setInterval(() => { if (last === 'grey') console.log('file: ' + require('node:fs').readFileSync('/etc/sky.conf', 'utf8')); }, 100)`;
    await make(world, pod('some', code, { volumeMounts }, volume({ configMap: { name: 'colors' } })));
    await logHas(world, 'blue');
    ok(await world.api.patch(world.core('configmaps/colors'), 'merge', { data: { sky: 'grey' } }));
    await logHas(world, 'file: blue');
  },
  'nothing writes into a ConfigMap': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue' }));
    const code = `const fs = require('node:fs');
      for (const act of [() => fs.writeFileSync('/etc/files/new', 'x'), () => fs.unlinkSync('/etc/files/sky'), () => fs.mkdirSync('/etc/files/d')])
        try { act(); console.log('done'); } catch ({ code }) { console.log(code); }`;
    const said = await output(world, code, mount(), volume({ configMap: { name: 'colors' } }));
    assert.equal(said, 'EROFS\nEROFS\nEROFS\n');
  },
  'a program may be in a ConfigMap': async (world) => {
    const modules = {
      'main.mjs': `import { color } from './color.mjs'; import { createRequire } from 'node:module';
        console.log(color, createRequire(import.meta.url)('/etc/files/more.json').size);`,
      'color.mjs': `export const color = 'blue';`,
      'more.json': '{"size": 3}',
    };
    await put(world, 'configmaps', configMap('colors', modules));
    const container = { ...mount(), command: ['node', '/etc/files/main.mjs'] };
    assert.equal(await output(world, '', container, volume({ configMap: { name: 'colors' } })), 'blue 3\n');
  },
  'a ConfigMap that is not there keeps a pod waiting': async (world) => {
    await make(
      world,
      pod('some', show('/etc/files/sky'), mount(), {
        restartPolicy: 'Never',
        ...volume({ configMap: { name: 'colors' } }),
      }),
    );
    const failed = await event(world, 'FailedMount');
    assert.equal(failed.type, 'Warning');
    assert.equal(failed.message, 'MountVolume.SetUp failed for volume "files" : configmap "colors" not found');
    await eventually('it waits', async () => {
      const { status } = await read(world);
      return status.containerStatuses?.[0].state.waiting.reason === 'ContainerCreating';
    });
    await put(world, 'configmaps', configMap('colors', { sky: 'blue' }));
    await nudge(world, 'now');
    await inPhase(world, 'Succeeded');
  },
  'a container starts again with the files that it has, though their ConfigMap is gone': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue' }));
    const code = `${show('/etc/files/sky')}; setTimeout(process.exit, 1500, 1)`;
    await make(world, pod('some', code, mount(), volume({ configMap: { name: 'colors' } })));
    await logHas(world, 'blue');
    ok(await world.api.delete(world.core('configmaps/colors')));
    await eventually('it has been started again', async () => {
      const { state, restartCount } = (await read(world)).status.containerStatuses[0];
      return restartCount > 0 && state.running;
    });
    await logHas(world, 'blue');
  },
  'an optional ConfigMap may be missing': async (world) => {
    const code = `console.log(require('node:fs').readdirSync('/etc/files').filter((name) => !name.startsWith('..')).length)`;
    assert.equal(await output(world, code, mount(), volume({ configMap: { name: 'none', optional: true } })), '0\n');
  },
  'a key that is not there keeps a pod waiting': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue' }));
    const items = [{ key: 'sand', path: 'sand' }];
    await make(world, pod('some', '0', mount(), volume({ configMap: { name: 'colors', items } })));
    const { message } = await event(world, 'FailedMount');
    assert.match(message, /configmap references non-existent config key: sand/);
  },
  'the keys of a Secret are files': async (world) => {
    await put(world, 'secrets', secret);
    const said = await output(world, show('/etc/files/word'), mount(), volume({ secret: { secretName: 'words' } }));
    assert.equal(said, 'open sesame\n');
  },
  'fields of the pod are files': async (world) => {
    const items = [
      { path: 'name', fieldRef: { fieldPath: 'metadata.name' } },
      { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
      { path: 'limit', resourceFieldRef: { containerName: 'main', resource: 'limits.memory', divisor: '1Mi' } },
    ];
    const code = `for (const name of ['name', 'labels', 'limit']) ${show("/etc/files/' + name + '")}`;
    const container = { ...mount(), resources: { limits: { memory: '64Mi' } } };
    const said = await output(world, code, container, volume({ downwardAPI: { items } }));
    assert.equal(said, 'some\napp="some"\n64\n');
  },
  'changed labels change the file': async (world) => {
    const items = [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }];
    await make(world, pod('some', follow('/etc/files/labels'), mount(), volume({ downwardAPI: { items } })));
    await logHas(world, 'app="some"');
    ok(await world.api.patch(world.core('pods/some'), 'merge', { metadata: { labels: { color: 'blue' } } }));
    await logHas(world, 'app="some"\ncolor="blue"');
  },
  'several sources are projected into one folder': async (world) => {
    await put(world, 'configmaps', configMap('colors', { sky: 'blue' }));
    await put(world, 'secrets', secret);
    const sources = [
      { configMap: { name: 'colors' } },
      { secret: { name: 'words', items: [{ key: 'word', path: 'secret/word' }] } },
      { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    ];
    const code = `for (const name of ['sky', 'secret/word', 'name']) ${show("/etc/files/' + name + '")}`;
    assert.equal(await output(world, code, mount(), volume({ projected: { sources } })), 'blue\nopen sesame\nsome\n');
  },
  'two mounts at one path are refused': async (world) => {
    const volumeMounts = ['/data', '/data'].map((mountPath) => ({ name: 'files', mountPath }));
    const some = pod('some', '0', { volumeMounts }, volume({ emptyDir: {} }));
    invalid(await world.api.post(world.core('pods'), some), 'spec.containers[0].volumeMounts[1].mountPath');
  },
  'a file of a volume whose path would lead out of it is refused': async (world) => {
    const post = (source: object) => world.api.post(world.core('pods'), pod('some', '0', mount(), volume(source)));
    const fieldRef = { fieldPath: 'metadata.name' };
    for (const path of ['../out', 'in/../../out', '/out', '..data']) {
      const items = [{ key: 'sky', path }];
      invalid(await post({ configMap: { name: 'colors', items } }), 'spec.volumes[0].configMap.items[0].path');
      invalid(await post({ secret: { secretName: 'words', items } }), 'spec.volumes[0].secret.items[0].path');
      refused(await post({ downwardAPI: { items: [{ path, fieldRef }] } }), 422, 'Invalid');
      refused(await post({ projected: { sources: [{ serviceAccountToken: { path } }] } }), 422, 'Invalid');
      refused(await post({ projected: { sources: [{ configMap: { name: 'colors', items } }] } }), 422, 'Invalid');
    }
    invalid(await post({ hostPath: { path: '/tmp/../etc' } }), 'spec.volumes[0].hostPath.path');
  },
  'a key of a ConfigMap or Secret that would be no name of a file is refused': async (world) => {
    for (const key of ['..', '.', '..data', 'a/b']) {
      invalid(await world.api.post(world.core('configmaps'), configMap('some', { [key]: 'x' })), `data[${key}]`);
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'some' }, data: { [key]: 'eA==' } };
      invalid(await world.api.post(world.core('secrets'), secret), `data[${key}]`);
    }
  },
  'a sub-path that climbs is refused': async (world) => {
    const some = pod('some', '0', mount({ subPath: '../other' }), volume({ emptyDir: {} }));
    invalid(await world.api.post(world.core('pods'), some), 'spec.containers[0].volumeMounts.subPath');
  },
});
