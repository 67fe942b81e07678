import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fullDisk } from '../cluster/disk-space.ts';
import { startReaper } from '../cluster/embedded/reaper.ts';
import { findAncestors, watchAncestors } from './ancestors.ts';
import type { Command } from './command.mjs';
import { lockHome } from './home-lock.ts';
import { LaunchError } from './launch-error.mjs';
import { openLog } from './log-file.ts';
import { checkDisk, checkMemory, findPort, loopback } from './machine.ts';
import { clusterArguments, labServerArguments } from './node-arguments.ts';
import type { Phases } from './phases.mjs';
import { readSettings } from './settings.mjs';
import { shopAcceptsOrders } from './shop-health.ts';
import { openStateFolder } from './state-folder.ts';
import { superviseProcess, type Death } from './supervised-process.ts';

/** What a stop may take before the rest is killed: all is to be gone within 3 s. */
const graceMs = 2_400;
/** The same when whoever started us was killed: all is to be gone within 1 s of that. */
const graceOfOrphanMs = 250;
/** A process that dies so often without ever being ready will not be ready the next time either. */
const hopelessAfter = 3;
/** How long the shop's phase is shown before the page is offered all the same. */
const shopMs = 60_000;
/** What to do with a cluster that has nothing in it yet. */
const firstSteps = `kubectl get nodes
# A program of your own as a pod: docs/own-images.md`;

/**
 * Runs the cluster, and the lab server unless the command is for the cluster alone, until it is told to stop; starts either
 * again when it dies.
 *
 * @throws LaunchError when they cannot be started here
 */
export async function supervise(root: string, phases: Phases, { what, nodes }: Command): Promise<void> {
  const settings = readSettings(process.env, root, what);
  checkDisk(settings.home, settings.diskMB);
  const logs = openStateFolder(settings.home);
  const lock = lockHome(settings.home);
  process.once('exit', () => lock.release());
  checkMemory(settings.memoryMB);
  const port = what === 'lab' ? await findPort(settings.host, settings.port) : null;

  const kubeconfig = join(settings.home, 'kubeconfig');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'),
    BREAKWATER_HOME: settings.home,
    BREAKWATER_RUN: randomUUID(), // In the environment of every process of ours: tells them from others.
    KUBECONFIG: kubeconfig,
    HOST: settings.host,
    ...(port !== null && { PORT: String(port) }),
    BREAKWATER_NODES: String(nodes ?? ''),
  };

  const reaper = startReaper();
  const stop = Promise.withResolvers<{ graceMs: number; failure?: LaunchError }>();
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.resolve({ graceMs }));
  watchAncestors(findAncestors(process.env), () => stop.resolve({ graceMs: graceOfOrphanMs }));

  const run = (name: string, phaseName: string, entry: string, nodeArguments?: string[]) => {
    const log = openLog(join(logs, `${name.replace(' ', '-')}.log`));
    const phase = phases.begin(phaseName);
    const firstReady = Promise.withResolvers<{ url?: string }>();
    let latest = '';
    const supervised = superviseProcess({
      ...{ name, entry: join(root, entry), nodeArguments, cwd: root, env, log, reaper },
      onProgress({ phase: what, detail }) {
        latest = [what, detail].filter(Boolean).join(': ');
        phase.progress(latest);
      },
      onReady(message) {
        firstReady.resolve(message);
      },
      onDeath(death) {
        const full = fullDisk(settings.home); // nothing can be in a log then, and it passes
        const failure = full ? undefined : hopeless(name, death, log.lastLine(), log.path);
        if (failure) return stop.resolve({ graceMs, failure });
        phases.line(
          `  ! ${name} ended (${death.how}); starting it again${inSeconds(death.delayMs)}. ${full ?? `Its log: ${log.path}`}`,
        );
      },
    });
    return { supervised, phase, log, ready: firstReady.promise, latest: () => latest };
  };

  const cluster = run('cluster', 'cluster', 'cluster/embedded/main.ts', clusterArguments);
  const clusterRuns = cluster.ready.then(() => cluster.phase.done(cluster.latest() || 'runs'));
  const running = [cluster];
  const announceCluster = async () => {
    await clusterRuns;
    phases.line(`\nexport KUBECONFIG=${kubeconfig}\n\n${firstSteps}\n\nCtrl-C stops everything.`);
  };
  const startLab = async () => {
    // At once: the lab server waits for the cluster by itself.
    const lab = run('lab server', 'lab', 'server/main.ts', labServerArguments);
    running.push(lab);
    const shop = phases.begin('shop');
    await Promise.all([clusterRuns, lab.ready.then(() => lab.phase.done('the page answers'))]);
    const here = `http://${loopback}:${port}`;
    const { url = here } = await lab.ready;
    lock.announce(url);
    shop.progress('waiting for the first order');
    const accepts = await shopAcceptsOrders(here, shopMs, stopped.signal);
    if (stopped.signal.aborted) return;
    shop.done(accepts ? 'accepts orders' : `accepts no orders yet; see ${url}`);
    const clone = `git clone ${here.replace('//', '//learner@')}/desired-state.git`;
    const password = `# its password: ${join(settings.home, 'access-code')}`;
    phases.line(`\nOpen ${url}\nexport KUBECONFIG=${kubeconfig}\n${clone}  ${password}\n\nCtrl-C stops everything.`);
  };
  (what === 'lab' ? startLab() : announceCluster()).catch(stop.reject);

  const { graceMs: grace, failure } = await stop.promise;
  stopped.abort();
  const since = performance.now();
  await Promise.all(running.map(({ supervised }) => supervised.stop(grace)));
  await reaper.close();
  for (const { log, phase } of running) {
    phase.failed();
    log.close();
  }
  if (failure) throw failure;
  phases.line(`Stopped in ${((performance.now() - since) / 1000).toFixed(1)} s.`);
}

function hopeless(name: string, death: Death, lastLine: string, log: string): LaunchError | undefined {
  if (death.wasReady || death.deaths < hopelessAfter) return undefined;
  return new LaunchError(
    'process-failed',
    `The ${name} does not start (${death.how}): ${lastLine.replace(/\.$/, '') || 'it says nothing'}.`,
    `Nothing was lost. Read ${log}; if the state folder is broken, name another one with BREAKWATER_HOME.`,
  );
}

function inSeconds(ms: number): string {
  return ms === 0 ? '' : ` in ${ms / 1000} s`;
}
