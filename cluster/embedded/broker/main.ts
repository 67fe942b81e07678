// The program of the image `rabbitmq`: `node main.ts <folder of the data>`. Ports may be others, for tests: 0 takes any that is free.
import type { AddressInfo } from 'node:net';
import { Broker } from './broker.ts';
import { startManagement } from './management/management.ts';

const { RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS, RABBITMQ_DEFAULT_VHOST, RABBITMQ_NODE_PORT } = process.env;
const { RABBITMQ_MANAGEMENT_PORT, RABBITMQ_NODE_IP_ADDRESS } = process.env;
const data = process.argv[2] ?? '/var/lib/rabbitmq';

const broker = await Broker.start({
  data,
  port: Number(RABBITMQ_NODE_PORT || 5672),
  listenAt: RABBITMQ_NODE_IP_ADDRESS,
  credentials: { user: RABBITMQ_DEFAULT_USER || 'guest', password: RABBITMQ_DEFAULT_PASS || 'guest' },
  virtualHost: RABBITMQ_DEFAULT_VHOST || '/',
});
const management = await startManagement(broker, Number(RABBITMQ_MANAGEMENT_PORT || 15672), RABBITMQ_NODE_IP_ADDRESS);
const { port } = management.address() as AddressInfo;
process.stdout.write(`AMQP 0-9-1 at port ${broker.port}, management at port ${port}, data in ${data}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

async function stop(): Promise<void> {
  management.close();
  management.closeAllConnections();
  await broker.stop();
}
