import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { correlationHeader, correlationId } from './correlation.ts';
import { NoAnswer, type Answer, type Call, type HttpClient } from './http-client.ts';
import type { Exchange, Routes } from './routes.ts';

export interface LocalModule {
  name: string;
  routes: Routes;
}

/**
 * Calls modules of this process by their routes, as a network would, but without one: no socket, no HTTP. Bodies stay bytes, so that
 * modules share no objects, and each can become a service of its own again. Whoever is not here is called by `elsewhere`.
 *
 * What a module does for a call is a span of kind `internal`: no call between services is there to be seen.
 *
 * @param modules by the origin that others know them by: `http://payments:8080`
 * @throws the reason of the call's signal, as soon as it aborts; NoAnswer where a module's routes throw.
 */
export function inProcessClient(modules: ReadonlyMap<string, LocalModule>, elsewhere: HttpClient): HttpClient {
  return async (call) => {
    const module = modules.get(new URL(call.url).origin);
    return module ? ask(module, call) : elsewhere(call);
  };
}

async function ask({ name, routes }: LocalModule, call: Call): Promise<Answer> {
  const { method, url, signal } = call;
  signal?.throwIfAborted();
  const exchange = new LocalExchange(bodyOf(call));
  const request = new Request(url, { method, headers: headersOf(call) });
  const tracer = trace.getTracer('shop');
  return tracer.startActiveSpan(`${method} ${name}`, { kind: SpanKind.INTERNAL }, async (span) => {
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = () => {
      exchange.outgoing.leave();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const answer = await Promise.race([answered(routes, request, exchange, call), left]);
      if (answer.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
      throw error;
    } finally {
      signal?.removeEventListener('abort', leave);
      span.end();
    }
  });
}

async function answered(routes: Routes, request: Request, exchange: LocalExchange, call: Call): Promise<Answer> {
  try {
    const response = await routes.fetch(request, exchange);
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (cause) {
    throw new NoAnswer(call.method, call.url, cause as Error);
  } finally {
    exchange.outgoing.finish();
  }
}

function headersOf({ headers, json }: Call): Record<string, string> {
  const id = correlationId();
  return {
    ...(id && { [correlationHeader]: id }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  };
}

function bodyOf({ json, body }: Call): Uint8Array | undefined {
  return json === undefined ? body : Buffer.from(JSON.stringify(json));
}

/** What routes see of the connection where there is none. */
class LocalExchange implements Exchange {
  readonly incoming: Exchange['incoming'];
  readonly outgoing = new LocalAnswer();

  constructor(body: Uint8Array | undefined) {
    this.incoming = Object.assign(Readable.from(body ? [body] : []), { socket: {} });
  }
}

class LocalAnswer extends EventEmitter<{ close: [] }> {
  destroyed = false;
  writableFinished = false;

  /** The answer is complete. */
  finish(): void {
    if (this.destroyed) return;
    this.writableFinished = true;
    this.#close();
  }

  /** The caller does not wait for it any more. */
  leave(): void {
    if (!this.destroyed) this.#close();
  }

  #close(): void {
    this.destroyed = true;
    this.emit('close');
  }
}
