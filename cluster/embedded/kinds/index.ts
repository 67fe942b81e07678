import { configMap } from './config-map.ts';
import { deployment } from './deployment.ts';
import { endpointSlice } from './endpoint-slice.ts';
import { event } from './event.ts';
import { faultBlock } from './fault-block.ts';
import { fault } from './fault.ts';
import type { Kind } from './kind.ts';
import { lease } from './lease.ts';
import { namespace } from './namespace.ts';
import { node } from './node.ts';
import { pod } from './pod/pod.ts';
import { replicaSet } from './replica-set.ts';
import { secret } from './secret.ts';
import { service } from './service/service.ts';

/** Every kind the API serves, in the order discovery names them. */
export const kinds: Kind[] = [
  configMap,
  event,
  namespace,
  node,
  pod,
  secret,
  service,
  deployment,
  replicaSet,
  lease,
  endpointSlice,
  fault,
  faultBlock,
];
