import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { requestBody } from '../../service/body.ts';
import { traceMetadata } from '../../service/bucket-event.ts';
import type { Environment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import type { Log } from '../../service/log.ts';
import type { ObjectStore } from '../../service/object-store.ts';
import type { RouteContext } from '../../service/routes.ts';

const types = ['image/png', 'image/jpeg', 'image/webp'];
const uploads = 'images/';
const thumbnails = 'thumbnails/';
const retryMs = 500;

/** Images that customers upload of products; whoever is told of them by the bucket makes the thumbnails. */
export interface Images {
  upload(c: RouteContext, product: string): Promise<Response>;
  /** @throws Failure 404, 503 */
  image(id: string): Promise<Response>;
  /** @throws Failure 404 until it is made, 503 */
  thumbnail(id: string): Promise<Response>;
  close(): void;
}

/** Undefined where OBJECTS_URL is not set: then there are no images. */
export async function openImages(environment: Environment, log: Log): Promise<Images | undefined> {
  if (!environment.text('OBJECTS_URL', '')) return undefined;
  // Loaded only now: the SDK takes 11 MB.
  const { openObjectStore } = await import('../../service/object-store.ts');
  const store = openObjectStore(environment);
  const arn = environment.text('OBJECTS_EVENTS_ARN');
  // Not before the service is ready: it sells without images too.
  void prepared(store, arn, log);
  return {
    async upload(c, product) {
      const contentType = c.req.header('content-type') ?? '';
      if (!types.includes(contentType)) {
        throw new Failure(400, 'no-image', `Send an image with its content-type: ${types.join(', ')}.`);
      }
      const body = await requestBody(c);
      const id = randomUUID();
      const stored = { body, contentType, metadata: { product, ...traceMetadata() } };
      await store.put(uploads + id, stored).catch((cause: Error) => {
        throw new Failure(503, 'images-unavailable', 'The image cannot be kept now; try again.', { cause });
      });
      const image = `/api/products/${encodeURIComponent(product)}/images/${id}`;
      return c.json({ id, image, thumbnail: `${image}/thumbnail` }, 201);
    },
    image: (id) => found(store, uploads + id),
    thumbnail: (id) => found(store, thumbnails + id),
    close: () => store.close(),
  };
}

async function prepared(store: ObjectStore, arn: string, log: Log): Promise<void> {
  for (;;) {
    try {
      return await store.prepare({ prefix: uploads, arn });
    } catch (error) {
      log.warn('The bucket of images is not ready', { error });
      await delay(retryMs, undefined, { ref: false });
    }
  }
}

async function found(store: ObjectStore, key: string): Promise<Response> {
  const image = await store.get(key).catch((cause: Error) => {
    throw new Failure(503, 'images-unavailable', 'The image cannot be read now; try again.', { cause });
  });
  if (!image) throw new Failure(404, 'no-such-image', `There is no ${key} (yet).`);
  return new Response(new Uint8Array(image.body), { headers: { 'content-type': image.contentType } });
}
