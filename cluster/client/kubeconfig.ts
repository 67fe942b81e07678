import type { RequestOptions } from 'node:https';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { ClusterError } from './errors.ts';

/** Where the API server is, and how to prove who we are. */
export interface Access {
  server: URL;
  /** Name of the kubeconfig's current context. */
  context: string;
  /** TLS options and headers of one request; asked for each time, because tokens may expire. */
  options(): Promise<RequestOptions>;
}

interface Entry<K extends string, T> {
  name: string;
  body: Record<K, T>;
}
type Named<K extends string, T> = { name: string } & Entry<K, T>['body'];

interface ClusterEntry {
  server: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
  'proxy-url'?: string;
}

interface UserEntry {
  token?: string;
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
}

interface KubeconfigFile {
  'current-context'?: string;
  contexts?: Named<'context', { cluster: string; user: string }>[];
  clusters?: Named<'cluster', ClusterEntry>[];
  users?: Named<'user', UserEntry>[];
}

const plainUser = new Set(['token', 'client-certificate', 'client-certificate-data', 'client-key', 'client-key-data']);

/**
 * Reads a kubeconfig file. Files with certificates and tokens only are read here; those that need more (exec plugins,
 * OIDC, proxies) go through client-node's KubeConfig, which knows them all but costs 80 MB to load, so that only they
 * pay for it.
 * Throws ClusterError `kubeconfig-missing` or `kubeconfig-invalid`.
 */
export async function readKubeconfig(path: string): Promise<Access> {
  const config = await readConfigFile(path);
  const invalid = (what: string) =>
    new ClusterError(
      'kubeconfig-invalid',
      `The kubeconfig ${path} ${what}; correct it, or point KUBECONFIG at another.`,
    );
  const context = config['current-context'] ?? '';
  const chosen = config.contexts?.find(({ name }) => name === context)?.context;
  if (!chosen) throw invalid(`has no context "${context}", which it calls its current one`);
  const cluster = config.clusters?.find(({ name }) => name === chosen.cluster)?.cluster;
  if (!cluster?.server) throw invalid(`has no cluster "${chosen.cluster}" with a server`);
  const user = config.users?.find(({ name }) => name === chosen.user)?.user ?? {};
  const server = URL.parse(cluster.server);
  if (!server) throw invalid(`names "${cluster.server}" as server, which is not a URL`);
  if (cluster['proxy-url'] || Object.keys(user).some((key) => !plainUser.has(key))) {
    return { server, context, options: await optionsOfClientNode(path) };
  }
  const folder = dirname(path);
  const tls: RequestOptions = {
    ca: await material(folder, cluster['certificate-authority-data'], cluster['certificate-authority']),
    cert: await material(folder, user['client-certificate-data'], user['client-certificate']),
    key: await material(folder, user['client-key-data'], user['client-key']),
    rejectUnauthorized: !cluster['insecure-skip-tls-verify'],
    ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
  };
  const headers: Record<string, string> = user.token ? { authorization: `Bearer ${user.token}` } : {};
  return { server, context, options: async () => ({ ...tls, headers }) };
}

async function readConfigFile(path: string): Promise<KubeconfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ClusterError('kubeconfig-missing', `Cannot read the kubeconfig ${path}; set KUBECONFIG to one.`, {
      cause,
    });
  }
  try {
    return (parse(text) as KubeconfigFile | null) ?? {};
  } catch (cause) {
    throw new ClusterError('kubeconfig-invalid', `The kubeconfig ${path} is not valid YAML; correct it.`, { cause });
  }
}

async function optionsOfClientNode(path: string): Promise<() => Promise<RequestOptions>> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(path);
  return async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return options;
  };
}

async function material(folder: string, data?: string, file?: string): Promise<Buffer | undefined> {
  if (data) return Buffer.from(data, 'base64');
  return file ? await readFile(resolve(folder, file)) : undefined;
}
