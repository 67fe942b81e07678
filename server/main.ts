import { createServer } from 'node:http';
import { flushCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { fullDisk } from '../cluster/disk-space.ts';
import { compose, type Composition } from './compose.ts';
import { CodedError } from './errors.ts';
import { Health } from './health.ts';
import { createApp } from './http/app.ts';
import { accessCode } from './http/door/access-code.ts';
import { Door } from './http/door/door.ts';
import { listen, type Listening } from './http/listen.ts';
import { createListener } from './http/listener.ts';
import { OpenMetrics } from './http/metrics/open-metrics.ts';
import { openPage } from './http/page.ts';
import { readInPieces } from './http/small-reads.ts';
import { problemLog } from './problems.ts';
import { readSettings, SettingsError, type Settings } from './settings.ts';
import { Stream } from './stream/stream.ts';
import { membersOf } from './stream/members-of.ts';
import { linkToSupervisor } from './supervisor-link.ts';
import { Telemetry } from './telemetry/telemetry.ts';

/** What a stop may take; whoever started us allows 2 s. */
const drainMs = 1_500;

/** Pages with their sockets, pods and programs; what comes beyond is closed at once. */
const maxConnections = 1_500;

/** The whole process is to stay under 200 MB. */
const maxTraceBytes = 32 * 1024 * 1024;

const root = resolve(import.meta.dirname, '..');
const onProblem = problemLog();

// They are files, and a disk may be full: what cannot be written is lost, and nothing ends of it.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});

async function main(): Promise<void> {
  const settings = readSettings(process.env, root);
  const telemetry = new Telemetry({ maxTraceBytes });
  const shop = telemetry.scope(settings.namespace);
  const health = new Health(shop, { disk: () => fullDisk(settings.home) });
  let composition: Composition | null = null;
  let listening: Listening | null = null;

  const system = () => {
    if (!composition) throw new CodedError('starting', 'The lab is waiting for the cluster to start.');
    return composition.system;
  };
  const code = accessCode(join(settings.home, 'access-code'));
  const door = new Door({ hosts: settings.extraHosts, namespaces: [settings.namespace], code });
  const server = createServer(
    createListener({
      app: createApp(system, onProblem),
      telemetry,
      metrics: new OpenMetrics(shop, () => composition?.system.ledger.total() ?? null),
      unhealthy: () => health.wrong(composition?.cluster ?? null),
      page: openPage(root, (id) => composition?.system.labs.has(id) ?? true), // which there are is known in a moment
      door,
      git: (request) => system().git.answer(request),
      onProblem,
    }),
  );
  server.maxConnections = maxConnections;
  readInPieces(server);
  const stream = new Stream({
    http: server,
    door,
    members: () => composition && membersOf(composition.system, composition.marks),
    personal: (participant) => ({ lab: composition?.system.labs.current(participant) ?? null }),
    telemetry: shop,
    onProblem,
  });

  const supervisor = linkToSupervisor({
    stop() {
      setTimeout(() => process.exit(0), drainMs).unref();
      composition?.close();
      stream.close();
      void (listening?.close() ?? Promise.resolve()).then(() => process.exit(0));
    },
  });

  listening = await listen(server, settings.host, settings.port).catch((cause: Error) => {
    throw listenError(settings, cause);
  });
  const { port } = listening;
  const url = `http://${settings.hostInUrl}:${port}`;
  composition = await compose({
    ...{ settings, port, root, onProblem },
    telemetry: shop,
    scopes: telemetry,
    onOpen: () => supervisor.ready(settings.beyondLoopback ? `${url}/?code=${code.text}` : url),
    onProgress: (detail) => supervisor.progress('lab', detail),
  });
  flushCompileCache(); // a start that ends by a signal would not leave it for the next one
}

function listenError({ host, port }: Settings, cause: NodeJS.ErrnoException & { address?: string }): Error {
  const taken =
    cause.code === 'EADDRINUSE' ? 'is taken; set PORT to another' : `cannot be listened on: ${cause.message}`;
  return new SettingsError(`Port ${port} of ${cause.address ?? host} ${taken}.`, { cause });
}

main().catch((error: unknown) => {
  onProblem(error);
  process.exit(1);
});
