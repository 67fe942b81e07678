import { useCallback, useSyncExternalStore } from 'react';

/**
 * What of the page is open or selected. It lives in the URL, so that a link or a reload shows the same view.
 * `select` is a service name or an edge id; `trace` the one that is shown, `logs` the one whose logs are,
 * `manifests` which side of the desired state.
 */
export type ViewKey =
  'tab' | 'dock' | 'select' | 'trace' | 'logs' | 'manifests' | 'graph' | 'tall' | 'step' | 'present';

const CHANGED = 'breakwater:view';

function subscribe(listener: () => void) {
  window.addEventListener(CHANGED, listener);
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener('popstate', listener);
  };
}

export function readView(key: ViewKey): string | null {
  return new URLSearchParams(window.location.search).get(key);
}

/** Sets members of the view; null takes one out. Replaces the history entry: back leads to the page before. */
export function setView(change: Partial<Record<ViewKey, string | null>>): void {
  const url = new URL(window.location.href);
  for (const [key, value] of Object.entries(change)) {
    if (value === null) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  if (url.href === window.location.href) return;
  window.history.replaceState(window.history.state, '', url);
  window.dispatchEvent(new Event(CHANGED));
}

/** One member of the view. The static shell is rendered with the fallback; the URL counts from hydration on. */
export function useView(key: ViewKey, fallback: string): [value: string, set: (value: string) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => readView(key) ?? fallback,
    () => fallback,
  );
  const set = useCallback((next: string) => setView({ [key]: next === fallback ? null : next }), [key, fallback]);
  return [value, set];
}

/** Whether the page is shown to a room of people. */
export function usePresenting(): [presenting: boolean, present: (on: boolean) => void] {
  const [value, set] = useView('present', '');
  return [value === '1', (on) => set(on ? '1' : '')];
}

/** Whether this service or edge is the selected one, and how to select it or let go of it: what is neither renders no more. */
export function useSelected(id: string): [selected: boolean, toggle: () => void] {
  const selected = useSyncExternalStore(
    subscribe,
    () => readView('select') === id,
    () => false,
  );
  const toggle = useCallback(() => setView({ select: readView('select') === id ? null : id }), [id]);
  return [selected, toggle];
}
