import { parseArgs } from 'node:util';
import { brokerSuite } from './suite.ts';

/** `npm run broker-suite -- --url amqp://user:password@host:port`: every case against the broker there; with `--only WORDS`, some. */
const { values } = parseArgs({ options: { url: { type: 'string' }, only: { type: 'string' } } });
const { url } = values;
if (!url || !/^amqps?:$/.test(URL.parse(url)?.protocol ?? '')) {
  console.error('Say which broker: npm run broker-suite -- --url amqp://guest:guest@127.0.0.1:5672');
  process.exit(2);
}
await brokerSuite(url.replace(/:[^:@]*@/, '@'), () => url, values.only);
