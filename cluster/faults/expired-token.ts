import type { StreamFault } from '../network-faults/index.ts';
import type { DeploymentEdit } from './drivers/deployment-edit.ts';
import type { FaultType } from './fault-type.ts';

/**
 * The signing key is rotated where tokens are checked, and not where they are issued: those that customers hold are refused, and so are those
 * they log in for. The answers are counted on the wire.
 */
export const expiredToken: FaultType = {
  id: 'expired-token',
  title: 'Expired tokens',
  category: 'cluster',
  summary:
    'Somebody rotates the key of tokens where they are checked, and forgets who issues them: every token is refused with 401.',
  targets: ['service'],
  whole: 'deployment',
  parameters: [],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['failed'],
  carriers: [
    {
      driver: 'deployment-edit',
      order: (): DeploymentEdit => ({ key: 'rotated' }),
      along: {
        driver: 'pod-network',
        order: (): StreamFault => ({ type: 'http-refused', attributes: { status: 401 } }),
      },
    },
  ],
};
