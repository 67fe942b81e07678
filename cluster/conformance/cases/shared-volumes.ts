import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { pod } from '../objects.ts';
import { event, inPhase, log, make, output, read } from '../pods.ts';

const once = { restartPolicy: 'Never' };
const data = (more: object = {}) => ({ volumeMounts: [{ name: 'data', mountPath: '/data', ...more }] });
const emptyDir = { volumes: [{ name: 'data', emptyDir: {} }] };
const program = (name: string, code: string, container: object = data()) => ({
  name,
  image: 'node:24',
  command: ['node', '-e', code],
  ...container,
});
const write = (path: string, text: string) => `require('node:fs').writeFileSync('${path}', '${text}')`;
const show = (path: string) => `console.log(require('node:fs').readFileSync('${path}', 'utf8'))`;

export const sharedVolumes = topic('emptyDir', {
  'an init container leaves files for the others': async (world) => {
    const initContainers = [program('first', write('/data/word', 'hello'))];
    assert.equal(await output(world, show('/data/word'), data(), { ...emptyDir, initContainers }), 'hello\n');
  },
  'containers of a pod share it, at paths of their own': async (world) => {
    const other = program('other', write('/out/word', 'hello'), {
      volumeMounts: [{ name: 'data', mountPath: '/out' }],
    });
    // A file is there before what is in it.
    const waits = `const look = () => {
      const found = require('node:fs').statSync('/data/word', { throwIfNoEntry: false });
      if (found?.size > 0) ${show('/data/word')}; else setTimeout(look, 50);
    }; look()`;
    const some = pod('some', waits, data(), { ...once, ...emptyDir });
    some.spec.containers.push(other);
    ok(await world.api.post(world.core('pods'), some));
    await inPhase(world, 'Succeeded');
    assert.equal(await log(world, '?container=main'), 'hello\n');
  },
  'one that outgrows its limit takes its pod along': async (world) => {
    // It does not end well when it is told to go: then its pod would have succeeded.
    const code = `require('node:fs').writeFileSync('/data/large', Buffer.alloc(3e6, 1)); setInterval(() => {}, 1000)`;
    const volumes = [{ name: 'data', emptyDir: { sizeLimit: '1Mi' } }];
    await make(world, pod('some', code, data(), { volumes }));
    // A kubelet need measure no more often than once a minute, and looks at what it has measured every ten seconds.
    const { status } = await inPhase(world, 'Failed', 150_000);
    const message = 'Usage of EmptyDir volume "data" exceeds the limit "1Mi".';
    assert.equal(status.reason, 'Evicted');
    assert.equal(status.message.trim(), message);
    assert.equal((await event(world, 'Evicted')).message.trim(), message);
  },
  'it is empty at first': async (world) => {
    const code = `console.log(require('node:fs').readdirSync('/data').length)`;
    assert.equal(await output(world, code, data(), emptyDir), '0\n');
  },
  'files outlive the container, not the pod': async (world) => {
    const code = `const fs = require('node:fs');
      if (fs.existsSync('/data/been')) console.log('been here'); else { ${write('/data/been', '')}; process.exit(1); }`;
    await make(world, pod('some', code, data(), { restartPolicy: 'OnFailure', ...emptyDir }));
    await inPhase(world, 'Succeeded');
    assert.equal(await log(world), 'been here\n');
  },
  'a sub-path is a folder of it': async (world) => {
    const volumeMounts = [
      { name: 'data', mountPath: '/data' },
      { name: 'data', mountPath: '/part', subPath: 'a/b' },
    ];
    const code = `${write('/part/word', 'hello')}; ${show('/data/a/b/word')}`;
    assert.equal(await output(world, code, { volumeMounts }, emptyDir), 'hello\n');
  },
  'a sub-path may be made of variables': async (world) => {
    const env = [{ name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }];
    const volumeMounts = [
      { name: 'data', mountPath: '/data' },
      { name: 'data', mountPath: '/own', subPathExpr: 'of-$(NAME)' },
    ];
    const code = `${write('/own/word', 'hello')}; ${show('/data/of-some/word')}`;
    assert.equal(await output(world, code, { env, volumeMounts }, emptyDir), 'hello\n');
  },
  'a read-only mount is only read': async (world) => {
    const initContainers = [program('first', write('/data/word', 'hello'))];
    const code = `${show('/data/word')}
      require('node:fs').writeFile('/data/new', 'x', (error) => console.log(error.code, error.path));
      require('node:fs/promises').unlink('/data/word').catch((error) => console.log(error.message));`;
    const said = await output(world, code, data({ readOnly: true }), { ...emptyDir, initContainers });
    assert.deepEqual(said.trim().split('\n').sort(), [
      'EROFS /data/new',
      "EROFS: read-only file system, unlink '/data/word'",
      'hello',
    ]);
  },
  'a mount point shows in its parent folder': async (world) => {
    const volumeMounts = [{ name: 'data', mountPath: '/srv/deep/data' }];
    const code = `const fs = require('node:fs');
      console.log(fs.readdirSync('/srv').includes('deep'), fs.readdirSync('/srv/deep').join(), fs.statSync('/srv/deep/data').isDirectory());`;
    assert.equal(await output(world, code, { volumeMounts }, emptyDir), 'true data true\n');
  },
  'errors name paths of the container': async (world) => {
    const code = `const fs = require('node:fs');
      try { fs.readFileSync('/data/none') } catch (error) { console.log(error.message) }
      fs.promises.stat('/data/none').catch((error) => console.log(error.path));`;
    assert.equal(
      await output(world, code, data(), emptyDir),
      "ENOENT: no such file or directory, open '/data/none'\n/data/none\n",
    );
  },
  'a program may start in it': async (world) => {
    const code = `console.log(process.cwd()); require('node:fs').writeFileSync('word', 'hello'); ${show('/data/word')}`;
    assert.equal(await output(world, code, { ...data(), workingDir: '/data' }, emptyDir), '/data\nhello\n');
  },
  'links, copies and streams work in it': async (world) => {
    const code = `const fs = require('node:fs');
      fs.mkdirSync('/data/a/b', { recursive: true });
      fs.writeFileSync('/data/a/word', 'hello');
      fs.symlinkSync('/data/a/word', '/data/link');
      fs.cpSync('/data/a', '/data/copy', { recursive: true });
      fs.renameSync('/data/copy/word', '/data/copy/b/word');
      fs.createReadStream('/data/link').on('data', (text) => console.log(String(text))).on('close', () => {
        console.log(fs.readlinkSync('/data/link'), fs.realpathSync('/data/link'), fs.realpathSync.native('/data/link'));
        console.log(fs.readdirSync('/data', { recursive: true }).sort().join());
        fs.rmSync('/data/a', { recursive: true });
        console.log(fs.readdirSync('/data').sort().join());
      });`;
    const said = await output(world, code, data(), emptyDir);
    assert.equal(
      said,
      'hello\n/data/a/word /data/a/word /data/a/word\na,a/b,a/word,copy,copy/b,copy/b/word,link\ncopy,link\n',
    );
  },
  'changes in it can be watched': async (world) => {
    const code = `const fs = require('node:fs');
      const watcher = fs.watch('/data', (event, name) => { console.log(event, name); watcher.close(); });
      setTimeout(() => fs.writeFileSync('/data/word', ''), 100);`;
    assert.equal(await output(world, code, data(), emptyDir), 'rename word\n');
  },
  'a worker and a child process see the same files': async (world) => {
    const code = `
      ${write('/data/word', 'hello')};
      const show = "console.log(require('node:fs').readFileSync('/data/word', 'utf8'), process.cwd())";
      new (require('node:worker_threads').Worker)(show, { eval: true }).on('exit', () =>
        require('node:child_process').spawn('node', ['-e', show], { cwd: '/data', stdio: 'inherit', env: { PATH: process.env.PATH } })
          .on('exit', () => console.log(String(require('node:child_process').execFileSync('node', ['-e', show], { cwd: '/data' })))));`;
    const said = await output(world, code, { ...data(), workingDir: '/data' }, emptyDir);
    assert.equal(said, 'hello /data\nhello /data\nhello /data\n\n');
  },
  'a dots path leaves it only into the container': async (world) => {
    const code = `const fs = require('node:fs'); console.log(fs.existsSync('/data/../../data/word'), fs.readdirSync('/data/..').includes('data'));`;
    const initContainers = [program('first', write('/data/word', 'hello'))];
    assert.equal(await output(world, code, data(), { ...emptyDir, initContainers }), 'true true\n');
  },
  'memory is a medium too': async (world) => {
    const volumes = [{ name: 'data', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } }];
    assert.equal(await output(world, `${write('/data/word', 'x')}; ${show('/data/word')}`, data(), { volumes }), 'x\n');
    assert.equal((await read(world)).spec.volumes[0].emptyDir.medium, 'Memory');
  },
  'a folder of the node outlives the pod': async (world) => {
    const path = `/var/lib/conformance/${world.namespace}`;
    const volumes = [{ name: 'data', hostPath: { path, type: 'DirectoryOrCreate' } }];
    const { spec } = await make(world, pod('some', write('/data/word', 'hello'), data(), { ...once, volumes }));
    assert.ok(spec);
    const { nodeName } = (await inPhase(world, 'Succeeded')).spec;
    ok(await world.api.delete(world.core('pods/some?gracePeriodSeconds=0')));
    await eventually('it is gone', async () => (await world.api.get(world.core('pods/some'))).status === 404);
    assert.equal(await output(world, show('/data/word'), data(), { volumes, nodeName }), 'hello\n');
  },
  'a folder of the node that has to be there is waited for': async (world) => {
    const volumes = [{ name: 'data', hostPath: { path: `/none/${world.namespace}`, type: 'Directory' } }];
    await make(world, pod('some', '0', data(), { ...once, volumes }));
    await eventually('an event tells why', async () => {
      const { items } = ok(await world.api.get(world.core('events')));
      return items.some(
        ({ reason, message }: { reason: string; message: string }) =>
          reason === 'FailedMount' && message.includes('hostPath type check failed'),
      );
    });
  },
});
