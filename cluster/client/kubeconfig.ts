import { access as canRead, constants, readFile } from 'node:fs/promises';
import type { Agent, RequestOptions } from 'node:https';
import { dirname, resolve } from 'node:path';
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { clientNode, type ClientNode } from './client-node.ts';
import { ClusterError } from './errors.ts';
import { OidcLogin, type OidcConfig } from './oidc-login.ts';

/** Where the API server is, and how to prove who we are. */
export interface Access {
  server: URL;
  /** Name of the kubeconfig's current context. */
  context: string;
  /** TLS options and headers of one request; asked for each time, because tokens may expire. */
  options(): Promise<RequestOptions>;
}

interface KubeconfigCluster {
  server?: string;
  'insecure-skip-tls-verify'?: boolean;
}

interface KubeconfigUser {
  tokenFile?: string;
  exec?: { command?: string; apiVersion?: string; env?: { name: string; value: string }[] };
}

interface KubeconfigFile {
  clusters?: { name: string; cluster?: KubeconfigCluster }[];
  users?: { name: string; user?: KubeconfigUser }[];
}

/**
 * Reads kubeconfig files by client-node's `KubeConfig`, several as kubectl merges them: what is named first counts, and a file that
 * is not there is passed over as long as another one is.
 * Throws ClusterError `kubeconfig-missing` or `kubeconfig-invalid`.
 */
export async function readKubeconfig(paths: readonly string[]): Promise<Access> {
  const library = await clientNode();
  const read = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch((cause: Error) => cause)));
  const found = paths.flatMap((path, index) => {
    const text = read[index]!;
    return typeof text === 'string' ? [{ path, config: parsed(library, path, text) }] : [];
  });
  const named = paths.join(', ');
  if (found.length === 0) {
    const cause = read.find((outcome) => outcome instanceof Error);
    throw new ClusterError('kubeconfig-missing', `Cannot read the kubeconfig ${named}; set KUBECONFIG to one.`, {
      cause,
    });
  }
  return access(library, found, named);
}

async function access(
  library: ClientNode,
  found: { path: string; config: KubeConfig }[],
  named: string,
): Promise<Access> {
  const config = new library.KubeConfig();
  const files = found.map((file) => file.config);
  const context = files.find((file) => file.getCurrentContext())?.getCurrentContext() ?? '';
  config.loadFromOptions({
    clusters: firstOfEachName(files.flatMap((file) => file.getClusters())),
    users: firstOfEachName(files.flatMap((file) => file.getUsers())),
    contexts: firstOfEachName(files.flatMap((file) => file.getContexts())),
    currentContext: context,
  });
  const chosen = config.getContextObject(context);
  if (!chosen) throw invalid(named, `has no context "${context}", which it calls its current one`);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw invalid(named, `has no cluster "${chosen.cluster}" with a server`);
  const server = URL.parse(cluster.server);
  if (!server) throw invalid(named, `names "${cluster.server}" as server, which is not a URL`);
  const user = config.getCurrentUser();
  if (!user && chosen.user) throw invalid(named, `has no user "${chosen.user}"`);
  // Without any user client-node would leave out the certificate authority too.
  if (!user) config.addUser({ name: chosen.user });
  await mustBeReadable(named, cluster, user);
  const login = user && oidcLogin(user, found);
  return {
    ...{ server, context },
    options: shared(async () => {
      if (login) Object.assign(user, { token: await login.token().catch((cause: unknown) => refuse(cluster, cause)) });
      return optionsOf(config, cluster);
    }),
  };
}

/** Null for a user without one. Takes it from the user, whom client-node would log in itself. */
function oidcLogin(user: User, files: { path: string; config: KubeConfig }[]): OidcLogin | null {
  if (user.authProvider?.name !== 'oidc') return null;
  const { path } = files.find(({ config }) => config.getUser(user.name))!;
  const config = user.authProvider.config as OidcConfig;
  Object.assign(user, { authProvider: undefined });
  const file = config['idp-certificate-authority'];
  const named = file ? { 'idp-certificate-authority': resolve(dirname(path), file) } : {};
  return new OidcLogin({ ...config, ...named }, user.name, path);
}

/** As kubectl reads it, where client-node would read it otherwise. */
function parsed({ KubeConfig }: ClientNode, path: string, text: string): KubeConfig {
  const config = new KubeConfig();
  const folder = dirname(path);
  try {
    const { clusters, users, ...rest } = (parse(text) ?? {}) as KubeconfigFile;
    config.loadFromString(
      JSON.stringify({
        ...rest,
        clusters: clusters?.map((entry) => ({ ...entry, cluster: asKubectl(entry.cluster) })),
        users: users?.map((entry) => ({ ...entry, user: credentialsAsKubectl(entry.user, folder) })),
      }),
    );
  } catch (cause) {
    throw invalid(path, `cannot be understood (${reasonOf(cause)})`, cause);
  }
  config.makePathsAbsolute(folder);
  return config;
}

/** There is no TLS to verify on `http:`, as `kubectl proxy` serves it; client-node refuses it unless told so. */
function asKubectl(cluster: KubeconfigCluster | undefined): KubeconfigCluster | undefined {
  return cluster?.server?.startsWith('http:') ? { ...cluster, 'insecure-skip-tls-verify': true } : cluster;
}

/**
 * A file of a token is read again as it changes, programs are found beside the kubeconfig, and are told what is asked of
 * them, without which some do not answer.
 */
function credentialsAsKubectl(user: KubeconfigUser | undefined, folder: string): object | undefined {
  const { tokenFile, exec, ...rest } = user ?? {};
  const provider = tokenFile && { name: 'tokenFile', config: { tokenFile: resolve(folder, tokenFile) } };
  const { command = '', apiVersion, env } = exec ?? {};
  const info = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec: { interactive: false } });
  const program = exec && {
    ...exec,
    command: command.includes('/') ? resolve(folder, command) : command,
    env: [...(env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: info }],
  };
  return { ...rest, ...(provider && { 'auth-provider': provider }), ...(program && { exec: program }) };
}

/** Said at once: otherwise each request would fail of it. */
async function mustBeReadable(named: string, cluster: Cluster, user: User | null): Promise<void> {
  for (const file of [cluster.caFile, user?.certFile, user?.keyFile]) {
    if (!file) continue;
    await canRead(file, constants.R_OK).catch((cause: unknown) => {
      throw invalid(named, `names ${file}, which cannot be read`, cause);
    });
  }
}

/** Throws ClusterError `credentials-failed`: a program that fails, a token that is gone. */
async function optionsOf(config: KubeConfig, cluster: Cluster): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    refuse(cluster, cause);
  }
  const { agent, ...rest } = options;
  // Without a proxy our own does: this one keeps no connection, and the certificates it was made with for ever.
  return cluster.proxyUrl ? { ...rest, agent: keptAlive(agent as Agent) } : rest;
}

function keptAlive(agent: Agent): Agent {
  return Object.assign(agent, { keepAlive: true });
}

/** Those who ask while one is under way have its answer: a dozen watches start one program, not a dozen. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => (asked ??= ask().finally(() => (asked = null)));
}

function refuse({ server }: Cluster, cause: unknown): never {
  const message = `The credentials for ${server} cannot be had (${reasonOf(cause)}); it is tried again by itself.`;
  throw new ClusterError('credentials-failed', message, { cause });
}

function firstOfEachName<T extends { name: string }>(entries: T[]): T[] {
  return entries.filter(({ name }, index) => entries.findIndex((entry) => entry.name === name) === index);
}

function invalid(named: string, what: string, cause?: unknown): ClusterError {
  const message = `The kubeconfig ${named} ${what}; correct it, or point KUBECONFIG at another.`;
  return new ClusterError('kubeconfig-invalid', message, { cause });
}

function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().split('\n')[0] ?? '';
}
