import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTROL_SOCKET, PORT_CLAIMS } from './directory.ts';
import type { PodRecord } from './messages.ts';
import type { PodAttachment } from './pod-network.ts';

const PRELOAD = fileURLToPath(new URL('./preload/preload.cjs', import.meta.url));

/** Name of the one variable through which the preload knows where it is. */
const VARIABLE = 'BREAKWATER_POD_NETWORK';

/** What the preload reads from it. */
export interface PodNetworkEnvironment {
  controlSocket: string;
  portClaims: string;
  token: string;
  ip: string;
  hostname: string;
}

export function attachmentOf(pod: PodRecord, directory: string): PodAttachment {
  const environment: PodNetworkEnvironment = {
    controlSocket: join(directory, CONTROL_SOCKET),
    portClaims: join(directory, PORT_CLAIMS),
    token: pod.token,
    ip: pod.ip,
    hostname: pod.hostname ?? pod.name,
  };
  return {
    ip: pod.ip,
    env: {
      [VARIABLE]: JSON.stringify(environment),
      // For the child processes of a service. Node takes quotes with backslash escapes here.
      NODE_OPTIONS: `--require "${PRELOAD.replace(/(["\\])/g, '\\$1')}"`,
    },
    nodeArguments: ['--require', PRELOAD],
  };
}
