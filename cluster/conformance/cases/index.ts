import type { Case } from '../case.ts';
import { serverSideApply } from './apply.ts';
import { create } from './create.ts';
import { defaults } from './defaults.ts';
import { deletion } from './delete.ts';
import { discovery } from './discovery.ts';
import { namespaces } from './namespaces.ts';
import { nodes } from './nodes.ts';
import { patch } from './patch.ts';
import { pods } from './pods.ts';
import { read } from './read.ts';
import { services } from './services.ts';
import { update } from './update.ts';
import { watch } from './watch.ts';
import { workloads } from './workloads.ts';

/** Every behaviour, by topic. */
export const cases: Case[] = [
  ...discovery,
  ...create,
  ...read,
  ...update,
  ...patch,
  ...serverSideApply,
  ...deletion,
  ...watch,
  ...namespaces,
  ...defaults,
  ...workloads,
  ...pods,
  ...services,
  ...nodes,
];
