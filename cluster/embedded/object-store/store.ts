import { mkdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Blobs } from './blobs.ts';
import { eventBody } from './event-record.ts';
import { wants, type EventName } from './notification.ts';
import { announcedSize, receiveBody, type ReceivedBody } from './received-body.ts';
import { Records, type Part, type StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';
import type { Settings } from './settings.ts';
import { Webhooks } from './webhooks.ts';

export type Cause = Omit<Parameters<typeof eventBody>[3], 'accessKey' | 'region'>;

/**
 * A change of an object, and the events that tell of it, are one transaction of the records; bytes are on the disk before, and go after:
 *
 *   body ──▶ incoming/ ──rename──▶ blobs/ ──▶ records: object, pieces, events ──▶ answer, webhooks
 */
export class Store {
  readonly blobs: Blobs;
  readonly records: Records;
  readonly webhooks: Webhooks;
  readonly #settings: Settings;
  readonly #log: (message: string) => void;
  /** Bytes that requests under way will bring. */
  #coming = 0;

  private constructor(settings: Settings, blobs: Blobs, records: Records, log: (message: string) => void) {
    this.#settings = settings;
    this.#log = log;
    this.blobs = blobs;
    this.records = records;
    this.webhooks = new Webhooks(settings.webhooks, records, log);
  }

  static async open(settings: Settings, log: (message: string) => void): Promise<Store> {
    await mkdir(settings.folder, { recursive: true });
    const blobs = await Blobs.open(settings.folder);
    const records = new Records(settings.folder);
    await blobs.sweep((blob) => records.knowsBlob(blob));
    const store = new Store(settings, blobs, records, log);
    store.webhooks.wake();
    return store;
  }

  close(): void {
    this.webhooks.close();
    this.records.close();
  }

  /** @throws S3Error NoSuchBucket */
  bucketOf(name: string): string {
    if (this.records.hasBucket(name)) return name;
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  }

  /** Streams a request's body to the disk. Throws S3Error: EntityTooLarge, XMinioStorageFull and what else is wrong with it. */
  async receive(request: IncomingMessage, payload: string): Promise<ReceivedBody> {
    const { mostBytes, mostBytesPerRequest } = this.#settings;
    const size = announcedSize(request, payload, mostBytesPerRequest);
    if (this.records.used() + this.#coming + size > mostBytes) {
      throw new S3Error('XMinioStorageFull', 'Storage backend has reached its minimum free drive threshold.');
    }
    this.#coming += size;
    try {
      return await receiveBody(request, payload, size, this.blobs);
    } finally {
      this.#coming -= size;
    }
  }

  /** Puts an object in place of the one before, with its pieces, and tells of it. `check` may refuse it by what is there. */
  async put(
    object: StoredObject,
    pieces: Part[],
    name: EventName,
    cause: Cause,
    check: (before: StoredObject | undefined) => void = () => undefined,
  ): Promise<void> {
    const stale = this.records.atomically(() => {
      const before = this.records.object(object.bucket, object.key);
      check(before);
      const old = before ? this.#removePieces(before.id) : [];
      const kept = new Set(pieces.map(({ blob }) => blob));
      const unused = this.#removePieces(object.id).filter((blob) => !kept.has(blob));
      for (const piece of pieces) this.records.putPart(object.id, piece);
      this.records.putObject(object);
      this.records.deleteUpload(object.id);
      this.#tell(name, object, cause);
      return [...old, ...unused];
    });
    this.webhooks.wake();
    await this.blobs.remove(stale);
  }

  async delete(bucket: string, key: string, cause: Cause): Promise<void> {
    const stale = this.records.atomically(() => {
      const object = this.records.object(bucket, key);
      if (!object) return [];
      this.records.deleteObject(bucket, key);
      this.#tell('s3:ObjectRemoved:Delete', { ...object, modified: Date.now() }, cause);
      return this.#removePieces(object.id);
    });
    this.webhooks.wake();
    await this.blobs.remove(stale);
  }

  /** Ends an upload, and with it all parts that came. */
  async abort(upload: string): Promise<void> {
    const stale = this.records.atomically(() => {
      this.records.deleteUpload(upload);
      return this.#removePieces(upload);
    });
    await this.blobs.remove(stale);
  }

  #removePieces(owner: string): string[] {
    const parts = this.records.parts(owner);
    for (const { number } of parts) this.records.deletePart(owner, number);
    return parts.map(({ blob }) => blob);
  }

  #tell(name: EventName, object: StoredObject, cause: Cause): void {
    const { accessKey, region } = this.#settings;
    for (const notification of this.records.notifications(object.bucket)) {
      if (!wants(notification, name, object.key)) continue;
      const body = eventBody(name, object, notification, { ...cause, accessKey, region });
      const taken = this.webhooks.add(notification.arn, body);
      if (!taken)
        this.#log(`An event of ${object.bucket}/${object.key} is dropped: too many wait for ${notification.arn}`);
    }
  }
}
