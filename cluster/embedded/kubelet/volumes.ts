import { mkdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { Container, Pod } from '../kinds/types.ts';
import { ContainerConfigError } from './environment.ts';

export interface Mount {
  mountPath: string;
  directory: string;
}

/** Where a pod keeps what goes with it. */
export function podFolder(home: string, uid: string): string {
  return join(home, 'pods', uid);
}

/**
 * The directories behind a container's volumeMounts. A hostPath lies below $BREAKWATER_HOME/volumes, which stands for the
 * file system of the nodes, and outlives pods and cluster; an emptyDir goes with its pod.
 */
export async function mountsOf(home: string, pod: Pod, container: Container): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const { name, mountPath, subPath = '' } of container.volumeMounts ?? []) {
    const volume = pod.spec?.volumes?.find((candidate) => candidate.name === name);
    const root = volume?.hostPath
      ? below(join(home, 'volumes'), volume.hostPath.path)
      : volume?.emptyDir
        ? join(podFolder(home, pod.metadata.uid!), 'volumes', name)
        : null;
    if (!root) {
      throw new ContainerConfigError(
        `volume "${name}" is neither a hostPath nor an emptyDir; there are no others here`,
      );
    }
    const directory = below(root, subPath);
    await mkdir(dirname(directory), { recursive: true });
    await makePrivate(directory);
    mounts.push({ mountPath, directory });
  }
  return mounts;
}

/** A path that cannot climb out of `root`. */
function below(root: string, path: string): string {
  return join(root, normalize(join('/', path)));
}

/** Books and databases are nobody's but who runs the containers; one that is there stays as its container has made it. */
async function makePrivate(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
