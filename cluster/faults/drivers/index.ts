import { adminPort } from './admin-port.ts';
import type { DriverType } from './driver.ts';
import { podDeletion } from './pod-deletion.ts';
import { podNetwork } from './pod-network.ts';

/** Every driver there is, by the name under which types know it. */
export const drivers: Record<string, DriverType> = {
  'admin-port': adminPort,
  'pod-network': podNetwork,
  'pod-deletion': podDeletion,
};
