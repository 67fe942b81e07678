import { metrics } from '@opentelemetry/api';
import { requestBody } from '../../service/body.ts';
import { inEventSpan, keysOf, readBucketEvent } from '../../service/bucket-event.ts';
import { readEnvironment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import { serviceLog } from '../../service/log.ts';
import { openObjectStore } from '../../service/object-store.ts';
import { reportPool } from '../../service/pool-gauges.ts';
import { serve } from '../../service/serve.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { thumbnail } from './thumbnail.ts';

const environment = readEnvironment();
const log = serviceLog('thumbnails');
const store = openObjectStore(environment);
const source = new URL(environment.url('OBJECTS_URL')).hostname;
const line = new WaitingLine(environment.integer('MAX_CONCURRENT', { min: 1, max: 64, fallback: 2 }));
reportPool('images', line);
const made = metrics.getMeter('shop').createCounter('thumbnails.made', { unit: '{image}' });

/** Made twice it is the same: an event that comes again does no harm. */
async function make(key: string): Promise<void> {
  const image = await store.get(key);
  const small = image && (await thumbnail(image.body));
  if (!small) {
    // Nothing would become of it another time: the event has been taken.
    log.warn('No thumbnail: the object is gone, or is no image', { key });
    return;
  }
  const { product = '' } = image.metadata;
  await store.put(key.replace(/^images\//, 'thumbnails/'), {
    body: small,
    contentType: 'image/webp',
    metadata: { product },
  });
  made.add(1);
}

serve({
  name: 'thumbnails',
  log,
  work: line,
  release: () => Promise.resolve(store.close()),
  routes(routes) {
    routes.post('/events', async (c) => {
      const event = readBucketEvent(await requestBody(c));
      return inEventSpan(c, event, source, async () => {
        if (!event) throw new Failure(400, 'no-event', 'The body is no event of a bucket.');
        for (const key of keysOf(event)) {
          if (key.startsWith('images/')) await line.run(() => make(key));
        }
        return c.json({ ok: true });
      });
    });
  },
});
