import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Piece {
  blob: string;
  size: number;
}

/** The bytes of objects: a file for each body that came whole. What has not is in a folder of its own, and goes with the process. */
export class Blobs {
  readonly #folder: string;
  readonly #incoming: string;

  private constructor(folder: string, incoming: string) {
    this.#folder = folder;
    this.#incoming = incoming;
  }

  static async open(folder: string): Promise<Blobs> {
    const [whole, incoming] = [join(folder, 'blobs'), join(folder, 'incoming')];
    await rm(incoming, { recursive: true, force: true });
    await mkdir(whole, { recursive: true });
    await mkdir(incoming);
    return new Blobs(whole, incoming);
  }

  /** Streams `content` to the disk; once this resolves it is there for good. What fails leaves nothing. Returns its name. */
  async write(content: AsyncIterable<Uint8Array>): Promise<string> {
    const blob = randomUUID();
    const unfinished = join(this.#incoming, blob);
    const file = await open(unfinished, 'wx', 0o600);
    try {
      for await (const chunk of content) await file.writeFile(chunk);
      await file.sync();
      await file.close();
      await rename(unfinished, join(this.#folder, blob));
      await syncFolder(this.#folder);
      return blob;
    } catch (error) {
      await file.close().catch(() => undefined); // closed already
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  /** The bytes from `first` to `last`, both included, of pieces that stand one behind the other. */
  async *read(pieces: readonly Piece[], first: number, last: number): AsyncGenerator<Buffer> {
    let begin = 0;
    for (const { blob, size } of pieces) {
      const [start, end] = [Math.max(first - begin, 0), Math.min(last - begin, size - 1)];
      begin += size;
      if (start > end) continue;
      const file = await open(join(this.#folder, blob), 'r');
      yield* file.createReadStream({ start, end }) as AsyncIterable<Buffer>;
    }
  }

  async remove(blobs: readonly string[]): Promise<void> {
    await Promise.all(blobs.map((blob) => rm(join(this.#folder, blob), { force: true })));
  }

  /** Removes what nobody knows of: its process ended between writing it and telling of it, or before removing it. */
  async sweep(isKnown: (blob: string) => boolean): Promise<void> {
    await this.remove((await readdir(this.#folder)).filter((blob) => !isKnown(blob)));
  }
}

/** So that the new name outlives a loss of power too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
