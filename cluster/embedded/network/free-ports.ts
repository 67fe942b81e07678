import { createServer, type AddressInfo } from 'node:net';

/** The kernel may offer the same port again before its taker has bound it: so the last ones given are not given again. */
const REMEMBERED = 256;

export class FreePorts {
  #given: number[] = [];

  async take(): Promise<number> {
    for (;;) {
      const port = await offeredPort();
      if (this.#given.includes(port)) continue;
      this.#given = [...this.#given.slice(1 - REMEMBERED), port];
      return port;
    }
  }
}

function offeredPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
