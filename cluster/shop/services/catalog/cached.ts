/** `load`'s result, loaded again when it is older than `ms`. Callers that come while it loads share one load. */
export function cached<T>(ms: number, load: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  let loadedAt = 0;
  return () => {
    if (value && performance.now() - loadedAt < ms) return value;
    const loading = load();
    value = loading;
    loadedAt = performance.now();
    // A failure is not worth keeping: the next caller tries again.
    loading.catch(() => {
      if (value === loading) value = undefined;
    });
    return loading;
  };
}
