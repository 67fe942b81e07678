import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { Cluster } from '../cluster/client/cluster.ts';
import { ClusterError } from '../cluster/client/errors.ts';
import { fullDisk } from '../cluster/disk-space.ts';
import { render } from '../cluster/kustomize/render.ts';
import { clusterEvents, clusterView, knownServices } from './cluster-view/cluster-view.ts';
import { DatabaseRoles } from './database/roles.ts';
import { ShopDatabase } from './database/shop-database.ts';
import { DesiredState } from './desired-state/desired-state.ts';
import { dryRun } from './desired-state/dry-run.ts';
import { lastGoodSchema } from './desired-state/last-good.ts';
import { GitRemote } from './desired-state/push/git-remote.ts';
import { Switches } from './desired-state/switches.ts';
import { ConfigCommits } from './faults/config-commits.ts';
import { Faults } from './faults/faults.ts';
import { History } from './history/history.ts';
import { askBank } from './ledger/ask-bank.ts';
import { chargeBook } from './ledger/bank-statement.ts';
import { orderBook } from './ledger/books.ts';
import { ledgerRecordSchema } from './ledger/ledger-record.ts';
import { Ledger } from './ledger/ledger.ts';
import { mailBookOf } from './ledger/mail-book.ts';
import { Load } from './load/load.ts';
import { LogAgentsView } from './log-agents/log-agents.ts';
import { Marks } from './marks.ts';
import { LabDesk } from './session/lab-desk.ts';
import { LabShelf } from './session/lab-shelf.ts';
import { RunFiles } from './session/run-files.ts';
import type { Settings } from './settings.ts';
import { followEntries } from './shop-facts/follow-entries.ts';
import { keeperOf, type Book } from './shop-facts/shop-facts.ts';
import { StateFile } from './state-file.ts';
import { membersOf } from './stream/members-of.ts';
import type { System } from './system.ts';
import type { ScopeTelemetry } from './telemetry/scope-telemetry.ts';
import { announceTelemetry } from './telemetry-endpoint.ts';
import { customerView } from './telemetry/customer.ts';
import { buildTopology, departures } from './telemetry/topology.ts';

export interface Composition {
  system: System;
  cluster: Cluster;
  marks: Marks;
  close(): void;
}

export interface ComposeOptions {
  settings: Settings;
  /** The port this server listens on. */
  port: number;
  /** Folder of the repository of this program. */
  root: string;
  telemetry: ScopeTelemetry;
  scopes: System['scopes'];
  /** The desired state is there and sound: what is waited for from here on, pages may watch. */
  onOpen: () => void;
  onProgress: (detail: string) => void;
  onProblem: (error: unknown) => void;
}

/**
 * Puts the rooms together, waits for the cluster, and brings it to the desired state. What acts there already, from before
 * a restart, is taken over. Throws CodedError `desired-state-broken` and ClusterError for a kubeconfig that is wrong.
 */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { settings, telemetry, scopes, root, onProblem, onOpen, onProgress } = options;
  const desired = new DesiredState({
    dir: join(settings.home, 'desired-state'),
    shipped: join(root, 'cluster/shop/manifests'),
    overlay: settings.overlay,
    render,
    lastGood: new StateFile({
      ...{ path: join(settings.home, 'desired-state-last-good.json'), schema: lastGoodSchema, onProblem },
      withoutIt: 'a desired state that is broken stops the lab',
    }),
    dryRun: (change) => dryRun(cluster, change), // nobody commits before there is one
  });
  await desired.open();
  onOpen();
  onProgress('waiting for the cluster');
  const cluster = await connect(settings, onProblem);
  const marks = new Marks();
  const shelf = await new LabShelf(join(root, 'labs'), settings.lab).open();
  // What follows is made without a pause: whoever is told of something from outside finds the labs.
  const onOutside = (what: string) => labs.changed(null, what);
  const onCommit = () => onOutside('committed another desired state');
  const switches = new Switches({ cluster, desired, marks, onOutside: onCommit, onProblem });
  const git = new GitRemote({
    ...{ dir: join(settings.home, 'desired-state'), overlay: settings.overlay, desired },
    onChange: () => {
      switches.follow();
      onOutside('pushed another desired state');
    },
  });
  const load = new Load({ cluster, telemetry, marks, onProblem });
  const roles = new DatabaseRoles(cluster, onProblem);
  const database = (book: Book) => new ShopDatabase(cluster, () => keeperOf(cluster, book).database);
  const ledger = new Ledger({
    ...{ orders: orderBook(database('orders')), bank: chargeBook(askBank(cluster)), inventory: database('stock') },
    mails: mailBookOf(cluster),
    file: new StateFile({
      ...{ path: join(settings.home, 'ledger.json'), schema: ledgerRecordSchema, onProblem },
      withoutIt: 'all orders are counted again',
    }),
    onProblem,
  });
  followEntries(cluster, telemetry);
  const observedEdges = () => telemetry.edges().map(({ id }) => id);
  const faults = new Faults({ cluster, marks, observedEdges, onOutside, onProblem });
  const commits = new ConfigCommits({ cluster, desired, onChange: () => switches.follow(), onProblem });
  telemetry.onBreakerChange(({ edge, to, at }) => marks.add('breaker', `${edge}: breaker ${to}`, at));

  const haveLeft = departures();
  const rooms = {
    ...{ telemetry, scopes, faults, load, ledger },
    patterns: switches,
    git,
    cluster: () => clusterView(cluster, fullDisk(settings.home)),
    topology() {
      const known = knownServices(cluster, Date.now());
      return buildTopology(known, telemetry, haveLeft(known));
    },
    customer: () => customerView(telemetry),
    events: () => clusterEvents(cluster),
    logAgents: new LogAgentsView({ cluster, metrics: (filter) => telemetry.metrics(filter) }),
  };
  const history = new History({
    state: () => ({ topology: rooms.topology(), faults: faults.list(), load: load.view(), ledger: ledger.total() }),
    onProblem,
  });
  const files = new RunFiles(join(settings.home, 'lab-runs'), onProblem);
  const labs: LabDesk = new LabDesk(rooms, { shelf, files, onProblem });
  const members = { ...rooms, labs, history };
  const system: System = {
    ...members,
    frame: (participant) => ({
      ...{ time: Date.now(), ...membersOf(members, marks), lab: labs.current(participant) },
      signals: telemetry.pointsSince(null).signals,
    }),
  };

  const close = () => {
    for (const room of [labs, history, load, ledger, roles, commits, faults, switches, cluster]) room.close();
  };
  try {
    await bringUp(cluster, switches, options);
  } catch (error) {
    close();
    throw error;
  }
  cluster.on('connection', (connected, cause) => {
    if (!connected) return onProblem(cause ?? new Error('the connection to the cluster was lost'));
    // Another cluster process may answer now, one that knows nothing of what was applied last.
    bringUp(cluster, switches, options).catch(onProblem);
  });
  // A lab server that starts beside a cluster at rest hears of no change.
  void roles.reconcile();
  await faults.ready();
  for (const room of [load, ledger, history]) room.run();
  labs.begin();
  return { system, cluster, marks, close };
}

/** Applies the desired state and tells the pods where their telemetry goes. */
async function bringUp(cluster: Cluster, switches: Switches, options: ComposeOptions): Promise<void> {
  const { settings, port, onProgress, onProblem } = options;
  // What the cluster refuses now is tried again, and pages say what and why: the lab runs with what it has.
  await switches.reconcile().catch((error: unknown) => {
    if (!(error instanceof ClusterError)) throw error;
  });
  const hostIp = settings.hostIp ?? (await cluster.capabilities()).hostIp;
  if (hostIp) await announceTelemetry(cluster, hostIp, port);
  else
    onProblem(
      new Error('No node says how pods reach this machine; set BREAKWATER_HOST_IP to an address they can reach.'),
    );
  onProgress('the desired state is applied');
}

/**
 * The kubeconfig of our own cluster appears when that has started for the first time, and the API a moment later; another one
 * that is not there is an error at once. `onProblem` is told
 * why each try failed: a wrong CA fails for ever.
 */
async function connect(settings: Settings, onProblem: (error: unknown) => void): Promise<Cluster> {
  for (;;) {
    try {
      const cluster = await Cluster.connect(settings.kubeconfigs, settings.namespace);
      const connected = new Promise<void>((resolve) => {
        const off = cluster.on('connection', (is, cause) => {
          if (!is) return onProblem(cause);
          off();
          resolve();
        });
      });
      cluster.start();
      await connected;
      return cluster;
    } catch (error) {
      const toCome = settings.awaitKubeconfig && error instanceof ClusterError && error.code === 'kubeconfig-missing';
      if (!toCome) throw error;
      await delay(100);
    }
  }
}
