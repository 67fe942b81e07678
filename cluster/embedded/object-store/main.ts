import type { AddressInfo } from 'node:net';
import { objectStoreServer } from './server.ts';
import { readSettings } from './settings.ts';
import { Store } from './store.ts';

/** The process: `main.ts server FOLDER`, and the environment variables of MinIO. Ends by SIGTERM, with what it has begun. */
const log = (message: string) => process.stdout.write(`${new Date().toISOString()} ${message}\n`);
const settings = readSettings(process.argv.slice(2), process.env);
const store = await Store.open(settings, log);
const server = objectStoreServer(settings, store, log);

server.listen(settings.port, () => log(`API: http://0.0.0.0:${(server.address() as AddressInfo).port}`));

function stop(): void {
  server.close(() => {
    store.close();
    process.exit(0);
  });
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 2_000).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
