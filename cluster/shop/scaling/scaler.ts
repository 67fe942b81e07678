import type { Log } from '../service/log.ts';
import type { Kubernetes } from './kubernetes.ts';

interface Scale {
  spec: { replicas?: number };
}

const againMs = 500;
/** How often it looks whether somebody else has changed the scale. */
const lookMs = 5_000;

interface ScalerOptions {
  kubernetes: Kubernetes;
  /** Of the pod's own namespace. */
  deployment: string;
  /** Who scales, as the API notes it. */
  manager: string;
  wanted: () => number;
  log: Log;
}

/** Brings a Deployment to the number of replicas that is wanted, by its scale subresource; level-based: it looks, compares and writes. */
export class Scaler {
  readonly #options: ScalerOptions;
  readonly #path: string;
  #replicas: number | null = null;
  #lookedAt = 0;
  #working = false;
  #again: NodeJS.Timeout | undefined;

  constructor(options: ScalerOptions) {
    this.#options = options;
    const { namespace } = options.kubernetes;
    this.#path = `/apis/apps/v1/namespaces/${namespace}/deployments/${options.deployment}/scale`;
  }

  /** As the Deployment has it, as far as is known; null before. */
  get replicas(): number | null {
    return this.#replicas;
  }

  /** Looks, now and whenever something may have changed. Never throws. */
  async reconcile(): Promise<void> {
    if (this.#working || this.#again) return;
    this.#working = true;
    try {
      if (this.#replicas === null || performance.now() - this.#lookedAt > lookMs) await this.#look();
      // What is wanted may change while it is written.
      const { wanted } = this.#options;
      for (let now = wanted(); now !== this.#replicas; now = wanted()) await this.#write(now);
    } catch (error) {
      const { deployment, log } = this.#options;
      log.warn('The Deployment cannot be scaled for now', { deployment, error });
      this.#replicas = null;
      this.#again = setTimeout(() => {
        this.#again = undefined;
        void this.reconcile();
      }, againMs);
    } finally {
      this.#working = false;
    }
  }

  async #look(): Promise<void> {
    this.#replicas = (await this.#options.kubernetes.get<Scale>(this.#path)).spec.replicas ?? 0;
    this.#lookedAt = performance.now();
  }

  async #write(replicas: number): Promise<void> {
    const { kubernetes, deployment, manager, log } = this.#options;
    log.info('Scaling', { deployment, from: this.#replicas, to: replicas });
    const { spec } = await kubernetes.patch<Scale>(`${this.#path}?fieldManager=${manager}`, { spec: { replicas } });
    this.#replicas = spec.replicas ?? 0;
  }
}
