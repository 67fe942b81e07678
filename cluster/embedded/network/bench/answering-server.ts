/** A small HTTP server: what a call costs beside the network is little here. Prints its port once it listens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'text/plain');
  response.end('ok');
});
server.listen(Number(process.argv[2]), () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
