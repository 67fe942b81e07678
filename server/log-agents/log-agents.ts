import type { Cluster } from '../../cluster/client/cluster.ts';
import { ClusterError } from '../../cluster/client/errors.ts';
import type { Pod } from '../../cluster/client/objects.ts';
import type { LogAgent, LogAgents } from '../contract/logs.ts';
import type { Metric } from '../contract/metrics.ts';
import { usageOf, type Usage } from './usage.ts';

/** What a container of an agent is called, beside a service or alone on its node. */
const agentName = 'log-agent';
/** What is asked for again sooner is answered from before, in ms: the cluster itself measures every two seconds. */
const freshMs = 1_000;

interface LogAgentsOptions {
  cluster: Pick<Cluster, 'list'> & { view: { pods: { list(): Pod[] } } };
  metrics: (filter: { service: string; limit: number }) => Metric[];
  now?: () => number;
}

/** Who collects the shop's logs, what that costs, and what was lost. */
export class LogAgentsView {
  readonly #options: LogAgentsOptions;
  #usage: { at: number; answer: Promise<{ usage: Map<string, Usage>; problem: string | null }> } | null = null;

  constructor(options: LogAgentsOptions) {
    this.#options = options;
  }

  async read(): Promise<LogAgents> {
    const pods = this.#options.cluster.view.pods.list().filter(({ metadata }) => !metadata.deletionTimestamp);
    const beside = pods.filter(({ spec }) => spec?.initContainers?.some(({ name }) => name === agentName));
    const alone = pods.filter(({ spec }) => spec?.containers.some(({ name }) => name === agentName));
    // While one way gives way to the other there are both: what is to come counts.
    const collection = newest(beside) > newest(alone) ? 'sidecar' : alone.length > 0 ? 'daemonset' : 'none';
    const carriers = { none: [], sidecar: beside, daemonset: alone }[collection];
    if (carriers.length === 0) return { collection, delivery: null, agents: [], total: null, pods: 0, problem: null };

    const { usage, problem } = await this.#fresh();
    const lines = linesByPod(this.#options.metrics({ service: agentName, limit: 500 }));
    const agents = carriers.map(({ metadata: { name }, spec }): LogAgent => {
      const { cpuMillis = null, memoryMb = null } = usage.get(name) ?? {};
      return { pod: name, node: spec?.nodeName ?? null, cpuMillis, memoryMb, lines: lines.get(name) ?? null };
    });
    const sum = (of: 'cpuMillis' | 'memoryMb') => agents.reduce((total, agent) => total + (agent[of] ?? 0), 0);
    return {
      ...{ collection, delivery: deliveryOf(carriers[0]!), agents },
      total: usage.size > 0 ? { cpuMillis: sum('cpuMillis'), memoryMb: sum('memoryMb') } : null,
      pods: collection === 'sidecar' ? agents.length : sameNamespace(pods, carriers[0]!) - agents.length,
      problem,
    };
  }

  #fresh() {
    const now = this.#options.now?.() ?? performance.now();
    if (this.#usage && now - this.#usage.at < freshMs) return this.#usage.answer;
    const answer = usageOf(this.#options.cluster, agentName).then(
      (usage) => ({ usage, problem: null }),
      (error: unknown) => {
        if (!(error instanceof ClusterError)) throw error;
        return { usage: new Map<string, Usage>(), problem: `What agents use is not known: ${error.message}` };
      },
    );
    this.#usage = { at: now, answer };
    return answer;
  }
}

function sameNamespace(pods: readonly Pod[], { metadata: { namespace } }: Pod): number {
  return pods.filter(({ metadata }) => metadata.namespace === namespace).length;
}

function newest(pods: readonly Pod[]): number {
  return Math.max(0, ...pods.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') || 0));
}

function deliveryOf({ spec }: Pod): LogAgents['delivery'] {
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const agent = all.find(({ name }) => name === agentName);
  const value = agent?.env?.find(({ name }) => name === 'LOG_DELIVERY')?.value;
  return value === 'synchronous' ? 'synchronous' : 'buffered';
}

/** What each agent says of itself, the latest it said. */
function linesByPod(metrics: readonly Metric[]): Map<string, NonNullable<LogAgent['lines']>> {
  const found = new Map<string, NonNullable<LogAgent['lines']>>();
  for (const { pod, name, points } of metrics) {
    const what = /^log_agent\.lines\.(read|shipped|dropped|buffered)$/.exec(name)?.[1];
    if (!what) continue;
    const lines = found.get(pod) ?? { read: 0, shipped: 0, dropped: 0, buffered: 0 };
    lines[what as keyof typeof lines] = points.at(-1)?.value ?? 0;
    found.set(pod, lines);
  }
  return found;
}
