import { availableParallelism, totalmem } from 'node:os';
import { drivers } from '../../faults/drivers/index.ts';
import { nodeImages } from '../../client/node-images.ts';
import { faultCarriers } from '../../faults/targets.ts';
import type { Api } from '../apiserver/api.ts';
import { presentImages } from '../images/catalogue.ts';
import { kubernetesVersion } from '../kinds/kubernetes-version.ts';
import { NODE_LEASES } from '../kinds/lease.ts';
import { timestamp } from '../kinds/timestamp.ts';
import type { Node } from '../kinds/types.ts';
import { canonicalQuantity } from '../quantity.ts';
import { isAlreadyExists, isDiskFull, orNull } from '../reconcile/api-errors.ts';

const leaseSeconds = 40;
const renewMs = 10_000;
/** After a renewal that failed, on a full disk say: the node must not be taken for lost as soon as there is space. */
const retryMs = 1_000;

/** Under which address a node's pods reach the machine itself: every node that is ours says so. */
export const hostIpAnnotation = 'breakwater.dev/host-ip';

export interface NodeIdentity {
  name: string;
  /** Address of the virtual node. */
  address: string;
  /** Under which its pods reach the machine itself. */
  hostAddress: string;
  /** How many nodes share this machine. */
  nodes: number;
}

/**
 * Makes the Node known and keeps its Lease fresh, which is how the cluster knows that its kubelet lives. A node that was
 * taken for lost, as after this machine has slept, says with the next renewal that it is Ready.
 */
export async function registerNode(api: Api, identity: NodeIdentity): Promise<() => void> {
  const node = nodeObject(identity);
  const { name } = identity;
  try {
    await api.create('Node', node);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    // What people have said of it, such as a cordon, stays.
    const { labels, annotations } = node.metadata;
    await api.patch('Node', name, undefined, { metadata: { labels, annotations } });
  }
  const beat = async () => {
    await renewLease(api, name);
    const present = await api.get('Node', name);
    if (!isReady(present)) await api.patch('Node', name, undefined, { status: nodeObject(identity).status }, 'status');
  };
  await renewLease(api, name);
  await api.patch('Node', name, undefined, { status: node.status }, 'status');
  let timer: NodeJS.Timeout;
  let closed = false;
  const schedule = (milliseconds: number) => {
    if (closed) return;
    timer = setTimeout(() => {
      beat().then(
        () => schedule(renewMs),
        (error: unknown) => {
          console.error(`node ${name} could not say that it lives:`, isDiskFull(error) ? error.message : error);
          schedule(retryMs);
        },
      );
    }, milliseconds);
  };
  schedule(renewMs);
  return () => {
    closed = true;
    clearTimeout(timer);
  };
}

function isReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

async function renewLease(api: Api, name: string): Promise<void> {
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime };
  if (await orNull(api.get('Lease', name, NODE_LEASES))) {
    await api.patch('Lease', name, NODE_LEASES, { spec });
  } else {
    const metadata = { name, namespace: NODE_LEASES };
    await api.create('Lease', { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
  }
}

/** A node's share of this machine: what all nodes have together is what is there. */
export function nodeResources(nodes: number): Record<'cpu' | 'memory' | 'pods', string> {
  const machine = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const cpu = canonicalQuantity(`${Math.floor((availableParallelism() * 1000) / nodes)}m`);
  return { cpu, memory: `${Math.floor(machine / nodes / 1024)}Ki`, pods: '110' };
}

function nodeObject({ name, address, hostAddress, nodes }: NodeIdentity): Node {
  const now = timestamp();
  const resources = nodeResources(nodes);
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': process.platform,
        'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
      },
      annotations: {
        [hostIpAnnotation]: hostAddress,
        [faultCarriers]: Object.keys(drivers).join(','),
        [nodeImages]: presentImages.join(','),
      },
    },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      daemonEndpoints: {},
      nodeInfo: {
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        operatingSystem: process.platform,
        osImage: 'Breakwater embedded node',
        kernelVersion: process.version,
        kubeletVersion: kubernetesVersion,
        kubeProxyVersion: kubernetesVersion,
        containerRuntimeVersion: 'breakwater://1.0',
        bootID: '',
        machineID: name,
        systemUUID: name,
      },
    },
  };
}
