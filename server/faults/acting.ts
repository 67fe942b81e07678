import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Fault, Lease } from '../../cluster/faults/fault.ts';

export interface Acting {
  found: { fault: Fault; lease: Lease }[];
  /** Who did not answer, a pod or a driver: whether something acts there is not known. */
  silent: string[];
}

/** Asks every driver what acts in the cluster now. One that fails keeps no other from answering. */
export async function acting(
  cluster: Cluster,
  faults: readonly Fault[],
  onProblem: (error: unknown) => void,
): Promise<Acting> {
  const answers = await Promise.all(
    faults.map(async (fault): Promise<Acting> => {
      try {
        const { leases, silent } = await fault.active(cluster);
        return { found: leases.map((lease) => ({ fault, lease })), silent };
      } catch (error) {
        onProblem(error);
        return { found: [], silent: [fault.id] };
      }
    }),
  );
  return {
    found: answers.flatMap(({ found }) => found),
    silent: [...new Set(answers.flatMap(({ silent }) => silent))],
  };
}
