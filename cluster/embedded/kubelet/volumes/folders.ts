import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { PodSpec } from '../../kinds/types.ts';

export type HostPath = NonNullable<NonNullable<PodSpec['volumes']>[number]['hostPath']>;

/** Where a pod keeps what goes with it. */
export function podFolder(home: string, uid: string): string {
  return join(home, 'pods', uid);
}

/** The folder of a volume that lives as long as its pod: an emptyDir, or files that the kubelet writes. */
export function podVolumeFolder(home: string, uid: string, volume: string): string {
  return join(podFolder(home, uid), 'volumes', volume);
}

/** A path of the nodes' file system, which $BREAKWATER_HOME/volumes stands for; it outlives pods and cluster. */
function nodePath(home: string, path: string): string {
  return below(join(home, 'volumes'), path);
}

/** Where the logs of the nodes are, with a folder for each node. */
export function nodesLogs(home: string): string {
  return join(home, 'logs', 'nodes');
}

/** A node's /var/log, the one part of its file system that it does not share with the other nodes. */
export function nodeLogs(home: string, nodeName: string): string {
  return join(nodesLogs(home), nodeName);
}

/** Removes what is at a path of the nodes' file system, if there is anything. */
export async function removeNodePath(home: string, path: string): Promise<void> {
  await rm(nodePath(home, path), { recursive: true, force: true });
}

/** A path that cannot climb out of `root`. */
export function below(root: string, path: string): string {
  return join(root, normalize(join('/', path)));
}

/** Books and databases are nobody's but who runs the containers; one that is there stays as its container has made it. */
export async function makePrivate(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** What the type of a hostPath asks to be there. Sockets and devices of nodes are none that this cluster has. */
const kinds = {
  Directory: 'directory',
  File: 'file',
  Socket: 'socket',
  CharDevice: 'character device',
  BlockDevice: 'block device',
};

/** The folder, or file, of a hostPath as its type wants it. Throws an Error in the kubelet's words. */
export async function hostPathFolder(home: string, nodeName: string, { path, type }: HostPath): Promise<string> {
  const ofLogs = /^\/var\/log(?<rest>\/.*)?$/.exec(normalize(path));
  const place = ofLogs ? below(nodeLogs(home, nodeName), ofLogs.groups?.['rest'] ?? '') : nodePath(home, path);
  const found = await stat(place).catch(() => null);
  if (type === 'FileOrCreate') {
    if (!found) {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, '');
    } else if (!found.isFile()) throw new Error(`hostPath type check failed: ${path} is not a file`);
    return place;
  }
  if (type && type in kinds) {
    const is = type === 'Directory' ? found?.isDirectory() : type === 'File' ? found?.isFile() : false;
    if (!is) throw new Error(`hostPath type check failed: ${path} is not a ${kinds[type as keyof typeof kinds]}`);
    return place;
  }
  if (type === 'DirectoryOrCreate' && found && !found.isDirectory()) {
    throw new Error(`hostPath type check failed: ${path} is not a directory`);
  }
  if (!found) await makePrivate(place);
  return place;
}
