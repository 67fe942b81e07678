'use client';
import { Component, lazy, Suspense, useSyncExternalStore } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { createStore } from '../state/store.ts';
import { Button } from './button.tsx';
import styles from './late-part.module.css';

/**
 * A part of the page whose code is large and comes after the rest: asked for once the page is loaded and idle, so that it
 * is there when it is wanted. Where it fails, the part says so and offers another try, and the rest of the page stays.
 */
export function latePart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  // React keeps the failure of a lazy component for good, so each try is a new one. All places share it.
  const begin = (attempt: number) => ({ attempt, Part: lazy(async () => ({ default: await load() })) });
  const current = createStore(begin(1));
  // Should it fail now, it is asked for again when it is shown, and only then is that worth a word.
  if (typeof window !== 'undefined') whenIdle(() => void load().catch(() => undefined));

  return function LatePart(props: Props) {
    const { attempt, Part } = useSyncExternalStore(current.subscribe, current.get, current.get);
    return (
      <Boundary key={attempt} onRetry={() => current.set(begin(attempt + 1))}>
        <Suspense>
          <Part {...props} />
        </Suspense>
      </Boundary>
    );
  };
}

interface BoundaryProps {
  onRetry: () => void;
  children: ReactNode;
}

class Boundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className={styles.failed} role="alert">
        <p>This could not be drawn.</p>
        <Button onClick={this.props.onRetry}>Try again</Button>
      </div>
    );
  }
}

function whenIdle(task: () => void): void {
  // Safari has no idle callback.
  const idle = () => ('requestIdleCallback' in window ? window.requestIdleCallback(task) : setTimeout(task, 200));
  if (document.readyState === 'complete') idle();
  else window.addEventListener('load', idle, { once: true });
}
