import type { Pod } from '../../kinds/types.ts';
import type { CommandOptions, CommandSession } from '../../streams/command-streams.ts';
import { SPDY_COMMAND_PROTOCOL, spdyCommand } from '../../streams/spdy-command.ts';
import { offeredIn, wantsSpdy } from '../../streams/upgrade.ts';
import { commandProtocol, webSocketCommand } from '../../streams/websocket-command.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { checkMayCreate } from '../http/create-permission.ts';
import { flag, storageOf, type ApiRequest } from '../http/request.ts';
import type { Subresource } from '../registry/api-resource.ts';
import { containerOf } from './container-choice.ts';
import { isPod } from './pods.ts';

/** `pods/exec`: a command in a container. */
export const podExec: Subresource = {
  of: isPod,
  name: 'exec',
  kind: 'PodExecOptions',
  connect: {
    verbs: ['create', 'get'],
    handle(request) {
      const command = request.query.getAll('command');
      return connect(request, async (pod, container, session) => {
        const { nodes } = request.server;
        return exitStatus(await nodes.exec(pod, container, command, session, session.gone));
      });
    },
  },
};

/** `pods/attach`: what the program of a container writes from now on, and what it reads. */
export const podAttach: Subresource = {
  of: isPod,
  name: 'attach',
  kind: 'PodAttachOptions',
  connect: {
    verbs: ['create', 'get'],
    handle: (request) =>
      connect(request, async (pod, container, session) => {
        await request.server.nodes.attach(pod, container, session, session.gone);
        return exitStatus(0);
      }),
  },
};

/** Opens the client's streams and tells it, in a Status, how `run` ended. */
async function connect(
  request: ApiRequest,
  run: (pod: Pod, container: string, session: CommandSession) => Promise<object>,
): Promise<void> {
  checkMayCreate(request);
  const { req, name, namespace, query, takeOver, subresource } = request;
  const pod = storageOf(request).get(name!, namespace) as Pod;
  const container = containerOf(pod, query.get('container'));
  if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  const options = optionsOf(query);
  if (!takeOver) throw badRequest(`${subresource} needs a WebSocket or SPDY: the request has no Upgrade header`);
  const isSpdy = wantsSpdy(req);
  const offered = offeredIn(req, isSpdy ? 'x-stream-protocol-version' : 'sec-websocket-protocol');
  const protocol = isSpdy ? offered.find((each) => each === SPDY_COMMAND_PROTOCOL) : commandProtocol(offered);
  if (!protocol) {
    throw badRequest(
      `${subresource} is spoken here as v5.channel.k8s.io or v4.channel.k8s.io; the request offers ${offered.join(', ') || 'nothing'}`,
    );
  }
  const upgrade = { req, ...takeOver() };
  const session = await (isSpdy ? spdyCommand : webSocketCommand)(upgrade, options, protocol);
  await session?.finish(await run(pod, container, session).catch(failureStatus));
}

/** @throws ApiError BadRequest */
function optionsOf(query: URLSearchParams): CommandOptions {
  const asked = (name: string) => flag(query, name) ?? false;
  const tty = asked('tty');
  const options = { stdin: asked('stdin'), stdout: asked('stdout'), stderr: asked('stderr') && !tty, tty };
  if (options.stdin || options.stdout || options.stderr) return options;
  throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
}

/** In the words of the kubelet, with which client libraries find the exit code. */
function exitStatus(code: number): object {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
  };
}

function failureStatus(error: unknown): object {
  if (!(error instanceof ApiError)) console.error(new Error('a command in a container failed', { cause: error }));
  const message = error instanceof ApiError ? error.message : 'the log of the cluster process has the details';
  return new ApiError('InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  }).toStatus();
}
