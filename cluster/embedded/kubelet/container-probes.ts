import type { Container } from '../kinds/types.ts';
import { checkOnce, type Dial, type Probe } from './probe-check.ts';
import { runProbe } from './prober.ts';

export interface ProbedContainer {
  container: Container;
  dial: Dial;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** The startup probe has passed. */
  onStarted(): void;
  /** The readiness probe has changed its mind. */
  onReady(ready: boolean): void;
  /** The startup or liveness probe has given the container up. */
  onDead(kind: 'startup' | 'liveness'): void;
}

/** Runs a container's probes until aborted: the startup probe alone first, then the other two. */
export async function probeContainer(probed: ProbedContainer, signal: AbortSignal): Promise<void> {
  const { container, dial, event, onStarted, onReady, onDead } = probed;
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const check = (probe: Probe) => () => checkOnce(probe, container, dial);
  const unhealthy = (kind: string, error: Error) => {
    event('Warning', 'Unhealthy', `${kind} probe failed: ${error.message}`);
  };

  if (startupProbe) {
    const passed = new AbortController();
    const report = {
      onPass: () => passed.abort(),
      onFail(error: Error, final: boolean) {
        unhealthy('Startup', error);
        if (final) onDead('startup');
      },
    };
    await runProbe(startupProbe, check(startupProbe), report, AbortSignal.any([signal, passed.signal]));
    if (signal.aborted) return;
    onStarted();
  }
  if (readinessProbe) {
    let ready = false;
    const decide = (next: boolean) => {
      if (ready !== next) onReady(next);
      ready = next;
    };
    const report = {
      onPass: () => decide(true),
      onFail(error: Error, final: boolean) {
        unhealthy('Readiness', error);
        if (final) decide(false);
      },
    };
    void runProbe(readinessProbe, check(readinessProbe), report, signal);
  }
  if (livenessProbe) {
    const report = {
      onPass() {},
      onFail(error: Error, final: boolean) {
        unhealthy('Liveness', error);
        if (final) onDead('liveness');
      },
    };
    void runProbe(livenessProbe, check(livenessProbe), report, signal);
  }
}
