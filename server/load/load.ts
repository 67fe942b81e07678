import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Pod } from '../../cluster/client/objects.ts';
import { isReady } from '../../cluster/client/pods-of-app.ts';
import type { Load as LoadView } from '../contract/frame.ts';
import { CodedError } from '../errors.ts';
import type { Marks } from '../marks.ts';
import { namedPort, podsInRole } from '../shop-facts/shop-facts.ts';
import type { ScopeTelemetry } from '../telemetry/scope-telemetry.ts';

export interface LoadOptions {
  cluster: Cluster;
  telemetry: Pick<ScopeTelemetry, 'load'>;
  marks: Marks;
  onProblem: (error: unknown) => void;
}

const everyMs = 1_000;
const defaultMax = 500;

interface Rate {
  rate: number;
  max: number;
}

/**
 * How much is asked of the shop. The wanted rate is told to every load generator, each its share, again and again: one
 * that starts later comes to it by itself. Until someone sets it, what the generators do is what is wanted.
 */
export class Load {
  readonly #options: LoadOptions;
  #wanted: number | null = null;
  #max = defaultMax;
  #timer: NodeJS.Timeout | undefined;
  #busy: Promise<number> | null = null;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  view(): LoadView {
    const report = this.#options.telemetry.load();
    const round = (value: number) => Math.round(value * 10) / 10;
    return {
      rate: this.#wanted ?? report?.rate ?? 0,
      max: this.#max,
      sent: round(report?.sent ?? 0),
      dropped: round(report?.dropped ?? 0),
    };
  }

  /** What was wanted before a restart. The generators are told with their next turn. */
  keep(rate: number): void {
    this.#wanted ??= rate;
  }

  /**
   * Requests per second. Throws CodedError `out-of-range`, and changes nothing then. Any other rate is kept: `pending` says
   * why it is not everywhere yet.
   */
  async set(rate: number): Promise<LoadView> {
    if (!(rate >= 0 && rate <= this.#max)) {
      throw new CodedError('out-of-range', `The rate is ${rate}; it must be from 0 to ${this.#max} requests a second.`);
    }
    if (rate !== this.#wanted) {
      this.#wanted = rate;
      this.#options.marks.add('load', `Load ${rate}/s`);
    }
    try {
      await this.#busy?.catch(() => undefined); // it may have read the rate before; its error is in the log
      if ((await this.assert()) === 0) return { ...this.view(), pending: 'No load generator is ready.' };
      return this.view();
    } catch (error) {
      this.#options.onProblem(error);
      return { ...this.view(), pending: error instanceof Error ? error.message : String(error) };
    }
  }

  run(): void {
    this.#timer ??= setInterval(() => void this.assert().catch(this.#options.onProblem), everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Reads every generator's rate, and sets it where it is not the one wanted. How many there are. */
  assert(): Promise<number> {
    this.#busy ??= this.#assert().finally(() => (this.#busy = null));
    return this.#busy;
  }

  async #assert(): Promise<number> {
    const { cluster } = this.#options;
    const pods = podsInRole(cluster, 'load').filter(isReady);
    const rates = await Promise.all(pods.map((pod) => this.#ask(pod, 'GET')));
    if (rates.length === 0) return 0;
    this.#max = rates.reduce((sum, { max }) => sum + max, 0);
    this.#wanted ??= rates.reduce((sum, { rate }) => sum + rate, 0);
    const share = this.#wanted / pods.length;
    const off = pods.filter((_pod, index) => rates[index]?.rate !== share);
    await Promise.all(off.map((pod) => this.#ask(pod, 'PUT', { rate: share })));
    return pods.length;
  }

  async #ask(pod: Pod, method: string, body?: { rate: number }): Promise<Rate> {
    const { name } = pod.metadata;
    const answer = await this.#options.cluster.http(name, namedPort(pod, 'admin'), { method, path: '/rate', body });
    if (answer.status !== 200) {
      throw new CodedError('internal-error', `${name} answered ${answer.status} to ${method} /rate: ${answer.body}`);
    }
    return JSON.parse(answer.body) as Rate;
  }
}
