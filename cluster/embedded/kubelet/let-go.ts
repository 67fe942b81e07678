import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import { isConflict, isNotFound } from '../reconcile/api-errors.ts';
import { nodeLogs, podFolder } from './volumes/folders.ts';

/** Where the output of a pod's containers is, with a folder for each: /var/log/pods of its node, as on every Kubernetes node. */
export function logFolder(home: string, { metadata: { name, namespace, uid }, spec }: Pod): string {
  return join(nodeLogs(home, spec!.nodeName!), 'pods', `${namespace}_${name}_${uid}`);
}

/** Removes what a pod has on this machine; of one that is over, and there to be asked, not its log. */
export async function removeFolders(home: string, pod: Pod, { keepLog = false } = {}): Promise<void> {
  const folders = [podFolder(home, pod.metadata.uid!), ...(keepLog ? [] : [logFolder(home, pod)])];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

/** Removes what is left of a deleted pod on its node, and tells the API that nothing is. Another of its name is left alone. */
export async function letGo(api: Api, home: string, pod: Pod): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  await removeFolders(home, pod);
  try {
    await api.delete('Pod', name, namespace, { gracePeriodSeconds: 0, uid });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
