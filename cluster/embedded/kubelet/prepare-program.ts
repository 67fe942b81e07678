import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '../images/image.ts';
import type { Container, Pod } from '../kinds/types.ts';
import type { PodAttachment, PodNetwork } from '../network/pod-network.ts';
import { fullDisk } from '../../disk-space.ts';
import { parseQuantity } from '../quantity.ts';
import { mountView, type Mount } from '../mounts/mount-view.ts';
import { ensureImage, type TellEvent } from './ensure-image.ts';
import { ContainerConfigError, resolveEnvironment } from './environment.ts';
import { expandVariables } from './expand-variables.ts';
import { refuseLoaderVariables } from './loader-variables.ts';
import type { ConfigSource, PodFacts } from './pod-fields.ts';
import { diskFullFile } from './faults/disk-full.ts';
import { containerMark } from './process-tree.ts';
import { podFolder } from './volumes/folders.ts';
import { mountsOf } from './volumes/mounts.ts';
import type { VolumeManager } from './volumes/volume-manager.ts';
import { workingFolder } from './working-folder.ts';

export interface PreparedProgram {
  program: Program;
  /** The whole environment of the process. */
  env: Record<string, string>;
  mounts: Mount[];
}

export interface Preparation {
  pod: Pod;
  container: Container;
  attachment: PodAttachment;
  hostIP: string;
  home: string;
  /** Whether images may run what a manifest gives them. */
  anyProgram: boolean;
  network: PodNetwork;
  source: ConfigSource;
  volumes: VolumeManager;
  /** Tells of the container. */
  event: TellEvent;
}

/** From a container as the Pod describes it to a process that can be started. */
export async function prepareProgram(preparation: Preparation): Promise<PreparedProgram> {
  const { pod, container, attachment, hostIP, home, anyProgram, network, source, volumes } = preparation;
  // A database that starts without space to recover in ends at once, and would wait longer and longer for its next try.
  const full = fullDisk(home);
  if (full) throw new ContainerConfigError(full);
  const facts: PodFacts = { podIP: attachment.ip, hostIP, allocatable: await source.allocatable() };
  const folders = await volumes.setUp(pod, facts, source);
  const image = ensureImage(container, anyProgram, home, preparation.event);
  const uid = pod.metadata.uid!;
  const own = await resolveEnvironment(pod, container, facts, source);
  refuseLoaderVariables(own);
  const scratch = join(podFolder(home, uid), 'containers', container.name);
  await mkdir(scratch, { recursive: true });
  const limit = container.resources?.limits?.memory;
  const memoryLimit = limit === undefined ? null : parseQuantity(limit);
  const expand = (texts: string[] | undefined) => texts?.map((text) => expandVariables(text, own));
  const mounts = await mountsOf(pod, container, folders, own, scratch);
  const working = container.workingDir ? await workingFolder(container.workingDir, mounts, scratch) : null;
  const view = mountView([...mounts, ...(working?.mounts ?? [])], join(scratch, 'root'), diskFullFile(home, uid));
  const program = await image.program({
    home,
    image: container.image!,
    command: expand(container.command),
    args: expand(container.args),
    env: own,
    mounts,
    scratch,
    memoryLimit,
    nodeArguments: [...attachment.nodeArguments, ...view.nodeArguments],
    freePort: () => network.freePort(),
  });
  for (const { podPort, realPort } of program.published) await network.publish(uid, podPort, realPort);
  const { PATH = '', BREAKWATER_RUN } = process.env;
  const env: Record<string, string> = {
    PATH,
    HOME: scratch,
    HOSTNAME: pod.spec?.hostname ?? pod.metadata.name,
    // By this the supervisor tells the processes of its own run from others.
    ...(BREAKWATER_RUN && { BREAKWATER_RUN }),
    ...own,
    ...containerMark(scratch),
    ...program.env,
    ...attachment.env,
    ...view.env,
    NODE_OPTIONS: [attachment.env.NODE_OPTIONS, view.env.NODE_OPTIONS].filter(Boolean).join(' '),
  };
  return { program: working ? { ...program, cwd: working.cwd } : program, env, mounts };
}
