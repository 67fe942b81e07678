import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

const component = join(import.meta.dirname, '../manifests/patterns/gateway/nginx');
/** Where Debian's packages and the official image have their modules. */
const modules = ['/usr/share/nginx/modules', '/usr/lib/nginx/modules'].find((folder) =>
  existsSync(join(folder, 'ngx_http_js_module.so')),
);

/** Why NGINX cannot run on this machine; false where it can. */
export const noNginx: string | false = await promisify(execFile)('nginx', ['-v']).then(
  () => (modules ? false : 'NGINX is here, but not its module for JavaScript (libnginx-mod-http-js)'),
  () => 'there is no NGINX on this machine (Debian: nginx-light libnginx-mod-http-js)',
);

/** NGINX as the component configures it, on this machine: with another port, and without the DNS of a cluster. */
export async function startNginx(environment: Record<string, string>): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-nginx-'));
  const port = await freePort();
  const shipped = await readFile(join(component, 'nginx.conf'), 'utf8');
  const conf = shipped
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace(/resolver .*;/, '')
    .replace('pid /tmp/nginx.pid;', `pid ${join(folder, 'nginx.pid')};`);
  await writeFile(join(folder, 'nginx.conf'), conf);
  await copyFile(join(component, 'gateway.js'), join(folder, 'gateway.js'));
  await symlink(modules!, join(folder, 'modules'));
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'];
  const child = spawn('nginx', args, {
    env: { PATH: process.env['PATH'], ...environment } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGQUIT');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true });
  };
  const alive = () => {
    if (child.exitCode !== null) throw new Error(`NGINX ended: ${said}`);
  };
  await eventually('NGINX answers', async () => (await fetch(`${url}/readyz`)).ok || undefined, 10_000, alive);
  return { url, stop };
}
