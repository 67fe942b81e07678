/** The lab server's HTTP API, as the benchmarks use it. */
export interface LabApi {
  get<T>(path: string): Promise<T>;
  send<T>(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

export function labApi(url: string): LabApi {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init: RequestInit = { method };
    if (body !== undefined)
      Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    // Lets fetch see first which connections were closed while we computed.
    await new Promise((resolve) => setImmediate(resolve));
    const answer = await fetch(`${url}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  };
  return { get: (path) => ask('GET', path), send: ask };
}

/**
 * Asks again and again until the answer will do, with a pause between: what is asked costs the product time.
 *
 * @returns ms it took
 */
export async function until(condition: () => Promise<boolean>, timeoutMs: number, pauseMs = 10): Promise<number> {
  const since = performance.now();
  while (!(await condition())) {
    if (performance.now() - since > timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return performance.now() - since;
}
