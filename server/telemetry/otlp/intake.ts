import { OtlpError } from './otlp-error.ts';

/** Bodies that are being read or wait for their turn, taken together. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_REQUESTS = 64;

/**
 * How much is taken in at a time, over all connections: so many bytes of bodies, and one body inflated and decoded. What
 * comes beyond is answered with 503 and Retry-After, and exporters send it again.
 */
export class Intake {
  #bytes = 0;
  #requests = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param read is given what to call before it keeps so many bytes more
   * @param work inflates, decodes and takes in; nobody else does meanwhile
   * @throws OtlpError `busy`
   */
  async take<T>(read: (keep: (bytes: number) => void) => Promise<Uint8Array>, work: (body: Uint8Array) => Promise<T>) {
    if (this.#requests >= MAX_REQUESTS) throw busy();
    let kept = 0;
    this.#requests++;
    try {
      const body = await read((bytes) => {
        if (this.#bytes + bytes > MAX_BYTES) throw busy();
        this.#bytes += bytes;
        kept += bytes;
      });
      const turn = this.#turn.then(() => work(body));
      this.#turn = turn.catch(() => undefined); // it is the caller's
      return await turn;
    } finally {
      this.#requests--;
      this.#bytes -= kept;
    }
  }
}

function busy(): OtlpError {
  return new OtlpError('busy', 503, 'More telemetry comes than can be taken in; send it again a second later.');
}
