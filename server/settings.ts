import { isIPv6 } from 'node:net';
import { delimiter, join, resolve } from 'node:path';

/** What the environment says. */
export interface Settings {
  port: number;
  host: string;
  /** The same as a URL names it: IPv6 in brackets, `localhost` where it is every address. */
  hostInUrl: string;
  /** Other machines may reach it, through a proxy here too: they need the access code. */
  beyondLoopback: boolean;
  /** State folder: the desired state lives in it. */
  home: string;
  /** Files, of which the first counts where they differ. */
  kubeconfigs: string[];
  /** It is the one that our own cluster writes at its first start: not yet there means not yet started. */
  awaitKubeconfig: boolean;
  namespace: string;
  /** Name of the overlay that is applied. */
  overlay: string;
  /** Names this server answers to, beside those of the loopback: that of `host`, and further ones. */
  extraHosts: string[];
  /** The machine's address as pods see it; null asks the cluster's nodes. */
  hostIp: string | null;
  /** Folder in labs/ of a lab that is being written: it is read again whenever it is saved. */
  lab: string | null;
}

/** An environment variable that cannot be used. */
export class SettingsError extends Error {
  readonly code = 'bad-settings';
}

export function readSettings(env: NodeJS.ProcessEnv, root: string): Settings {
  const home = resolve(root, env['BREAKWATER_HOME'] || '.breakwater');
  const own = join(home, 'kubeconfig');
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  const kubeconfigs = named.length > 0 ? named.map((path) => resolve(root, path)) : [own];
  const host = env['HOST'] || '127.0.0.1';
  const hostInUrl = inUrl(host);
  const further = (env['BREAKWATER_HOSTS'] ?? '').split(',').flatMap((name) => name.trim().toLowerCase() || []);
  return {
    port: port(env['PORT'] || '4000'),
    host,
    hostInUrl,
    beyondLoopback: further.length > 0 || !/^(localhost|::1|127(\.\d+){3})$/.test(host),
    home,
    kubeconfigs,
    awaitKubeconfig: kubeconfigs.length === 1 && kubeconfigs[0] === own,
    namespace: env['BREAKWATER_NAMESPACE'] || 'shop',
    overlay: env['BREAKWATER_OVERLAY'] || 'embedded',
    extraHosts: [hostInUrl, ...further],
    hostIp: env['BREAKWATER_HOST_IP'] || null,
    lab: env['BREAKWATER_LAB'] || null,
  };
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new SettingsError(`PORT is "${text}"; set it to a number from 0 to 65535.`);
}

function inUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  const url = URL.parse(`http://${isIPv6(host) ? `[${host}]` : host}`);
  if (url && url.host === url.hostname && url.pathname === '/') return url.hostname;
  throw new SettingsError(`HOST is "${host}"; set it to an address or a name of this machine.`);
}
