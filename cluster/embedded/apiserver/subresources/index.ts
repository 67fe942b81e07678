import type { Subresource } from '../registry/api-resource.ts';
import { namespaceFinalize } from './namespace-finalize.ts';
import { nodeProxy } from './node-proxy.ts';
import { podBinding } from './pod-binding.ts';
import { podEphemeralContainers } from './pod-ephemeral-containers.ts';
import { podEviction } from './pod-eviction.ts';
import { podAttach, podExec } from './pod-exec.ts';
import { podLog } from './pod-log.ts';
import { podPortForward } from './pod-portforward.ts';
import { podProxy, serviceProxy } from './proxy.ts';
import { scale } from './scale.ts';
import { serviceAccountToken } from './service-account-token.ts';
import { status } from './status.ts';

/** Every subresource the API serves, in the order discovery names them. */
export const subresources: Subresource[] = [
  namespaceFinalize,
  nodeProxy,
  podAttach,
  podBinding,
  podEphemeralContainers,
  podEviction,
  podExec,
  podLog,
  podPortForward,
  podProxy,
  serviceAccountToken,
  serviceProxy,
  status,
  scale,
];
