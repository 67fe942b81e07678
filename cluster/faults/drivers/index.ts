import { adminPort } from './admin-port.ts';
import { configCommit } from './config-commit.ts';
import { deploymentEdit } from './deployment-edit.ts';
import type { DriverType } from './driver.ts';
import { messageBroker } from './message-broker.ts';
import { nodeDrain } from './node-drain.ts';
import { nodePower } from './node-power.ts';
import { podDeletion } from './pod-deletion.ts';
import { podNetwork } from './pod-network.ts';
import { podProcesses } from './pod-processes.ts';

/** Every driver there is, by the name under which types know it. */
export const drivers: Record<string, DriverType> = {
  'admin-port': adminPort,
  'pod-network': podNetwork,
  'pod-processes': podProcesses,
  'pod-deletion': podDeletion,
  'deployment-edit': deploymentEdit,
  'config-commit': configCommit,
  'node-drain': nodeDrain,
  'node-power': nodePower,
  'message-broker': messageBroker,
};
