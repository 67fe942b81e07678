import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../../apiserver/api.ts';
import type { Pod, PodSpec } from '../../kinds/types.ts';
import { LONGEST_TIMEOUT } from '../../network/longest-timeout.ts';
import type { EventRecorder } from '../../reconcile/events.ts';
import type { ConfigSource, PodFacts } from '../pod-fields.ts';
import { writeAtomically } from './atomic-writer.ts';
import { hostPathFolder, makePrivate, podVolumeFolder } from './folders.ts';
import { claimedPath } from './claimed-path.ts';
import { isOfFiles, payloadOf } from './payload.ts';
import { TokenCache, type RequestToken } from './token-cache.ts';
import { VolumeError } from './volume-error.ts';

type Volume = NonNullable<PodSpec['volumes']>[number];

/** Has the volumes of a node's pods ready, and keeps their files as ConfigMaps, Secrets, labels and tokens are. */
export interface VolumeManager {
  /** The folders, or files, of a pod's volumes by their names; calling it again changes nothing. Throws VolumeError. */
  setUp(pod: Pod, facts: PodFacts, source: ConfigSource): Promise<Map<string, string>>;
  /** Writes no more into the folders of the pod with this uid, so that they can be removed. */
  tearDown(uid: string): Promise<void>;
  close(): void;
}

export interface VolumeManagerOptions {
  api: Api;
  /** BREAKWATER_HOME, absolute. */
  home: string;
  nodeName: string;
  recorder: EventRecorder;
  requestToken: RequestToken;
}

/** A pod whose volumes are set up. */
interface Mounted {
  pod: Pod;
  facts: PodFacts;
  source: ConfigSource;
  tokens: TokenCache;
  /** Of those volumes that are set up. */
  folders: Map<string, string>;
  /** One at a time: two that write into one folder would undo each other. */
  work: Promise<unknown>;
  renewal: NodeJS.Timeout | undefined;
}

export function startVolumeManager({
  api,
  home,
  nodeName,
  recorder,
  requestToken,
}: VolumeManagerOptions): VolumeManager {
  const pods = new Map<string, Mounted>();

  async function setUpVolume(volume: Volume, mounted: Mounted): Promise<string> {
    const { pod, facts, source, tokens } = mounted;
    const folder = podVolumeFolder(home, pod.metadata.uid!, volume.name);
    try {
      if (volume.hostPath) return await hostPathFolder(home, nodeName, volume.hostPath);
      if (volume.persistentVolumeClaim) {
        const { namespace } = pod.metadata;
        const path = await claimedPath(api, namespace!, volume.persistentVolumeClaim.claimName);
        return await hostPathFolder(home, nodeName, path);
      }
      if (volume.emptyDir) {
        await makePrivate(folder);
        return folder;
      }
      if (!isOfFiles(volume)) throw new Error('a kind of volume that this cluster does not have');
      const now = new Date();
      const token: Parameters<typeof payloadOf>[2]['token'] = (of, request) => tokens.token(of, request, now.getTime());
      const payload = await payloadOf(volume, pod, { source, facts, token });
      await makePrivate(folder);
      await writeAtomically(folder, payload, now);
      return folder;
    } catch (cause) {
      const error = new VolumeError(volume.name, (cause as Error).message, { cause });
      recorder.event({ apiVersion: 'v1', kind: 'Pod', object: pod }, 'Warning', error.code, error.message);
      throw error;
    }
  }

  /** Does it after what is under way for this pod. */
  function inTurn<T>(mounted: Mounted, act: () => Promise<T>): Promise<T> {
    const done = mounted.work.then(act, act);
    mounted.work = done.catch(() => {});
    return done;
  }

  /** Brings the files up to date; those that cannot be stay as they were, and an event says why. */
  function refresh(mounted: Mounted, concerns: (volume: Volume) => boolean): void {
    const { pod } = mounted;
    const volumes = (pod.spec?.volumes ?? []).filter((volume) => isOfFiles(volume) && concerns(volume));
    if (volumes.length === 0) return;
    void inTurn(mounted, async () => {
      for (const volume of volumes) {
        // Only what is set up, and of a pod that is not done with it.
        const { uid } = pod.metadata;
        if (!pods.has(uid!) || !existsSync(podVolumeFolder(home, uid!, volume.name))) continue;
        await setUpVolume(volume, mounted).catch(() => {});
      }
      planRenewal(mounted);
    });
  }

  function planRenewal(mounted: Mounted): void {
    clearTimeout(mounted.renewal);
    const wait = mounted.tokens.renewAt - Date.now();
    if (wait === Infinity || !pods.has(mounted.pod.metadata.uid!)) return;
    // Not sooner than in a second: where tokens cannot be had, nobody should be kept busy.
    const timer = setTimeout(
      () => refresh(mounted, ({ projected }) => Boolean(projected)),
      Math.min(Math.max(wait, 1000), LONGEST_TIMEOUT),
    );
    mounted.renewal = timer.unref();
  }

  function changed(kind: 'configMap' | 'secret', name: string, namespace: string | undefined): void {
    for (const mounted of pods.values()) {
      if (mounted.pod.metadata.namespace === namespace)
        refresh(mounted, (volume) => namesOf(volume, kind).includes(name));
    }
  }

  const watches = [
    api.watch('ConfigMap', {}, ({ object: { metadata } }) => changed('configMap', metadata.name, metadata.namespace)),
    api.watch('Secret', {}, ({ object: { metadata } }) => changed('secret', metadata.name, metadata.namespace)),
    api.watch('Pod', { fieldSelector: `spec.nodeName=${nodeName}` }, ({ type, object: pod }) => {
      const mounted = pods.get(pod.metadata.uid!);
      if (!mounted) return;
      if (type === 'DELETED') return void tearDown(pod.metadata.uid!);
      const isTold = !isDeepStrictEqual(fieldsOf(mounted.pod), fieldsOf(pod));
      mounted.pod = pod;
      if (isTold) refresh(mounted, ({ downwardAPI, projected }) => Boolean(downwardAPI ?? projected));
    }),
  ];

  async function tearDown(uid: string): Promise<void> {
    const mounted = pods.get(uid);
    if (!mounted) return;
    pods.delete(uid);
    clearTimeout(mounted.renewal);
    await mounted.work;
  }

  return {
    async setUp(pod, facts, source) {
      const uid = pod.metadata.uid!;
      const tokens = new TokenCache(requestToken);
      const fresh = { tokens, folders: new Map<string, string>(), work: Promise.resolve(), renewal: undefined };
      const mounted = pods.get(uid) ?? { pod, facts, source, ...fresh };
      pods.set(uid, mounted);
      return inTurn(mounted, async () => {
        const { folders } = mounted;
        for (const volume of pod.spec?.volumes ?? []) {
          const isSetUp = folders.has(volume.name);
          // What is mounted stays so, though its claim be on its way out by now; files are brought up to date, as far as they can be.
          if (isSetUp && !isOfFiles(volume)) continue;
          const folder = setUpVolume(volume, mounted);
          if (isSetUp) await folder.catch(() => {});
          else folders.set(volume.name, await folder);
        }
        planRenewal(mounted);
        return folders;
      });
    },
    tearDown,
    close() {
      for (const stop of watches) stop();
      for (const { renewal } of pods.values()) clearTimeout(renewal);
      pods.clear();
    },
  };
}

/** What of a pod can change while it runs, and its files tell. */
function fieldsOf({ metadata: { labels, annotations } }: Pod): object {
  return { labels, annotations };
}

/** The ConfigMaps or Secrets that a volume's files come from. */
function namesOf({ configMap, secret, projected }: Volume, kind: 'configMap' | 'secret'): (string | undefined)[] {
  const own = kind === 'configMap' ? configMap?.name : secret?.secretName;
  return [own, ...(projected?.sources ?? []).map((source) => source[kind]?.name)];
}
