import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../service/log.ts';
import { KubernetesError, type Kubernetes } from '../../scaling/kubernetes.ts';

export interface EndpointSlice {
  metadata: { name: string; resourceVersion?: string };
  ports?: { port?: number }[] | null;
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[] | null;
}

const againMs = 500;

/** Where the function can be called: `http://10.0.0.7:8080`. A slice that says nothing of readiness is of ready ones (the API's rule). */
export function readyUrls(slices: Iterable<EndpointSlice>): string[] {
  const found = [...slices].flatMap(({ ports, endpoints }) => {
    const port = ports?.[0]?.port;
    const ready = (endpoints ?? []).filter(({ conditions }) => port && conditions?.ready !== false);
    return ready.flatMap(({ addresses }) => addresses.map((address) => `http://${address}:${port}`));
  });
  return [...new Set(found)];
}

/**
 * Follows the ready pods behind a Service, for as long as the process runs. Resolves once it knows them first.
 *
 * @param onChange is given the URLs of all that are ready now
 */
export async function followPods(
  kubernetes: Kubernetes,
  service: string,
  log: Log,
  onChange: (urls: string[]) => void,
): Promise<void> {
  const { namespace } = kubernetes;
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io/service-name%3D${service}`;
  const known = Promise.withResolvers<void>();
  const follow = async () => {
    const list = await kubernetes.get<{ items: EndpointSlice[]; metadata: { resourceVersion: string } }>(path);
    const slices = new Map(list.items.map((slice) => [slice.metadata.name, slice]));
    onChange(readyUrls(slices.values()));
    known.resolve();
    await kubernetes.watch<EndpointSlice>(
      `${path}&resourceVersion=${list.metadata.resourceVersion}`,
      ({ type, object }) => {
        if (type === 'ERROR') throw new KubernetesError(410, `watch ${path}`, JSON.stringify(object));
        if (type === 'DELETED') slices.delete(object.metadata.name);
        else slices.set(object.metadata.name, object);
        onChange(readyUrls(slices.values()));
      },
    );
  };
  const forever = async () => {
    for (;;) {
      try {
        await follow();
      } catch (error) {
        log.warn('The pods of the function are not known for now', { error });
        await delay(againMs);
      }
    }
  };
  void forever();
  return known.promise;
}
