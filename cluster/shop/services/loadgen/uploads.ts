import { setTimeout as delay } from 'node:timers/promises';
import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { products } from '../../service/catalogue.ts';
import type { Customer } from './customers.ts';
import { productImage } from './product-image.ts';
import type { Send } from './traced-send.ts';

/** How often a customer looks whether the thumbnail is there. */
const lookMs = 200;
/** Who has no thumbnail by then counts it as missing. */
const patienceMs = 60_000;
const keptWaits = 1_000;

export interface UploadBook {
  /** Images that the shop has taken. */
  uploaded: number;
  /** Uploads that it refused, or did not answer. */
  refused: number;
  /** Taken images whose thumbnail the customer has seen, still waits for, or has given up. */
  thumbnails: number;
  waiting: number;
  missing: number;
  /** Seconds from the moment an upload was due to its thumbnail, in the order they ended; the last thousand. */
  seconds: number[];
}

interface UploadsOptions {
  customers: Customer[];
  send: Send;
  /** By which a customer looks for the thumbnail: it would be most of the shop's traces. */
  look: Send;
  /** Customers who upload at the same moment. */
  burst: number;
  /** 0 for none. */
  everySeconds: number;
}

/**
 * Customers who upload a picture of a product, several at once and then none for a while, and wait for its thumbnail. They keep
 * the book of it: what a function costs that has to start first, only they feel.
 */
export class Uploads {
  readonly book: UploadBook = { uploaded: 0, refused: 0, thumbnails: 0, waiting: 0, missing: 0, seconds: [] };
  readonly #options: UploadsOptions;
  readonly #tracer = trace.getTracer('loadgen');
  readonly #waits = metrics.getMeter('shop').createHistogram('uploads.thumbnail_wait', { unit: 's' });
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(options: UploadsOptions) {
    this.#options = options;
    const meter = metrics.getMeter('shop');
    const counted = ['uploaded', 'refused', 'thumbnails', 'waiting', 'missing'] as const;
    if (options.everySeconds === 0) return;
    for (const name of counted) {
      const gauge = meter.createObservableGauge(`uploads.${name}`, { unit: '{image}' });
      gauge.addCallback((result) => result.observe(this.book[name]));
    }
  }

  start(): void {
    const { everySeconds } = this.#options;
    if (everySeconds === 0) return;
    this.burst();
    this.#timer = setInterval(() => this.burst(), everySeconds * 1_000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  burst(count = this.#options.burst): void {
    const intended = performance.now();
    for (let index = 0; index < count; index += 1) void this.#upload(intended);
  }

  async #upload(intended: number): Promise<void> {
    const { customers, send } = this.#options;
    const customer = customers[this.#turn % customers.length]!;
    const path = `/api/products/${products[this.#turn % products.length]!.id}/images`;
    this.#turn += 1;
    const startTime = Date.now() - (performance.now() - intended);
    const whole = this.#tracer.startSpan('upload until its thumbnail is there', { startTime });
    try {
      await context.with(trace.setSpan(context.active(), whole), async () => {
        if (!customer.token) await customer.login(send, intended);
        const request = { method: 'POST', path, route: '/api/products/:id/images', body: productImage() } as const;
        const headers = { 'content-type': 'image/png' };
        const answer = await send({ ...request, headers, ...(customer.token && { token: customer.token }) }, intended);
        if (answer?.status === 401) customer.token = undefined;
        if (answer?.status !== 201) {
          this.book.refused += 1;
          whole.setStatus({ code: SpanStatusCode.ERROR, message: 'the image was not taken' });
          return;
        }
        this.book.uploaded += 1;
        const { thumbnail } = JSON.parse(answer.body.toString()) as { thumbnail: string };
        await this.#waitFor(thumbnail, customer.token!, intended);
      });
    } finally {
      whole.end(startTime + (performance.now() - intended));
    }
  }

  async #waitFor(path: string, token: string, intended: number): Promise<void> {
    const { look } = this.#options;
    this.book.waiting += 1;
    for (;;) {
      const answer = await look({ method: 'GET', path, route: path, token }, intended);
      const waited = performance.now() - intended;
      if (answer?.status !== 200 && waited < patienceMs) {
        await delay(lookMs);
        continue;
      }
      this.book.waiting -= 1;
      if (answer?.status !== 200) {
        this.book.missing += 1;
        return;
      }
      this.book.thumbnails += 1;
      this.book.seconds.push(waited / 1_000);
      this.#waits.record(waited / 1_000);
      if (this.book.seconds.length > keptWaits) this.book.seconds.shift();
      return;
    }
  }
}
