import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { Node } from './types.ts';

const ROLE = 'node-role.kubernetes.io/';

export const node = defineKind<Node>({
  group: '',
  kind: 'Node',
  shortNames: ['no'],
  namespaced: false,
  status: true,
  // A kubelet registers its node with the status it starts with.
  statusAtCreate: true,
  fields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
  columns: [
    nameColumn,
    column('Status', readiness),
    column('Roles', roles),
    ageColumn,
    column('Version', (node) => node.status?.nodeInfo?.kubeletVersion ?? ''),
    column('Internal-IP', (node) => address(node, 'InternalIP'), true),
    column('External-IP', (node) => address(node, 'ExternalIP'), true),
    column('OS-Image', (node) => node.status?.nodeInfo?.osImage || '<unknown>', true),
    column('Kernel-Version', (node) => node.status?.nodeInfo?.kernelVersion || '<unknown>', true),
    column('Container-Runtime', (node) => node.status?.nodeInfo?.containerRuntimeVersion || '<unknown>', true),
  ],
});

function readiness(node: Node): string {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const state = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return node.spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

function roles(node: Node): string {
  const labels = Object.keys(node.metadata.labels ?? {}).filter((label) => label.startsWith(ROLE));
  const names = labels.map((label) => label.slice(ROLE.length)).filter(Boolean);
  return names.sort().join(',') || '<none>';
}

function address(node: Node, type: string): string {
  return node.status?.addresses?.find((address) => address.type === type)?.address || '<none>';
}
