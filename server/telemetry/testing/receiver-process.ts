import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { receiveOtlp } from '../otlp/receiver.ts';
import { Telemetry } from '../telemetry.ts';

/** The receiver alone in a process, so that its memory can be measured. Sends the port it listens at. */
const telemetry = new Telemetry();
telemetry.scope('shop');
const server = createServer((request, response) => {
  const headers = { get: (name: string) => [request.headers[name] ?? null].flat()[0] ?? null };
  const body = request.iterator({ destroyOnReturn: false });
  void receiveOtlp({ method: request.method!, path: request.url!, headers, body }, telemetry).then((answer) => {
    if (!request.complete) response.setHeader('connection', 'close');
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
}).listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
server.keepAliveTimeout = 0; // a client that reuses a connection as it is closed would fail
process.on('disconnect', () => process.exit());
