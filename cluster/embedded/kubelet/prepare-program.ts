import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findImage } from '../images/catalogue.ts';
import type { Program } from '../images/image.ts';
import type { Container, Pod } from '../kinds/types.ts';
import type { PodAttachment, PodNetwork } from '../network/pod-network.ts';
import { fullDisk } from '../../disk-space.ts';
import { parseQuantity } from '../quantity.ts';
import { ContainerConfigError, resolveEnvironment, type ConfigSource } from './environment.ts';
import { expandVariables } from './expand-variables.ts';
import { refuseLoaderVariables } from './loader-variables.ts';
import { mountsOf, podFolder } from './volumes.ts';

export interface PreparedProgram {
  program: Program;
  /** The whole environment of the process. */
  env: Record<string, string>;
  /** Bytes; null without a limit. */
  memoryLimit: number | null;
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
}

/** From a container as the Pod describes it to a process that can be started. */
export async function prepareProgram(preparation: Preparation): Promise<PreparedProgram> {
  const { pod, container, attachment, hostIP, home, anyProgram, network, source } = preparation;
  // A database that starts without space to recover in ends at once, and would wait longer and longer for its next try.
  const full = fullDisk(home);
  if (full) throw new ContainerConfigError(full);
  const image = findImage(container.image ?? '', anyProgram);
  const uid = pod.metadata.uid!;
  const own = await resolveEnvironment(pod, container, { podIP: attachment.ip, hostIP }, source);
  refuseLoaderVariables(own);
  const scratch = join(podFolder(home, uid), 'containers', container.name);
  await mkdir(scratch, { recursive: true });
  const limit = container.resources?.limits?.memory;
  const memoryLimit = limit === undefined ? null : parseQuantity(limit);
  const expand = (texts: string[] | undefined) => texts?.map((text) => expandVariables(text, own));
  const program = await image.program({
    home,
    image: container.image!,
    command: expand(container.command),
    args: expand(container.args),
    env: own,
    mounts: await mountsOf(home, pod, container),
    scratch,
    memoryLimit,
    nodeArguments: attachment.nodeArguments,
    freePort: () => network.freePort(),
  });
  for (const { podPort, realPort } of program.published) await network.publish(uid, podPort, realPort);
  const { PATH = '', BREAKWATER_RUN } = process.env;
  const env: Record<string, string> = {
    PATH,
    HOME: scratch,
    HOSTNAME: pod.metadata.name,
    // By this the supervisor tells the processes of its own run from others.
    ...(BREAKWATER_RUN && { BREAKWATER_RUN }),
    ...own,
    ...program.env,
    ...attachment.env,
  };
  return { program, env, memoryLimit };
}
