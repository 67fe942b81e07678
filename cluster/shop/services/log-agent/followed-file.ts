import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const chunkBytes = 64 * 1024;
/** One buffer for all files: what is read is text before the next is. */
const chunk = Buffer.alloc(chunkBytes);
/** A longer line comes in pieces. */
const longestLine = 32 * 1024;

/**
 * A file that somebody else appends to, line by line. When it is renamed away and a new one takes its place, the old one is read to
 * its end before the new one is begun.
 */
export class FollowedFile {
  readonly path: string;
  #fd: number | undefined;
  #inode = 0;
  #offset = 0;
  #rest = '';
  #decoder = new StringDecoder('utf8');

  /** @param fromEnd what is in it by now was read by somebody else */
  constructor(path: string, fromEnd = false) {
    this.path = path;
    if (fromEnd && this.#open()) this.#offset = fstatSync(this.#fd!).size;
  }

  /** The lines of the next 64 KiB at most; empty when there is nothing new. */
  read(): string[] {
    if (this.#fd === undefined && !this.#open()) return [];
    let size = readSync(this.#fd!, chunk, 0, chunkBytes, this.#offset);
    // Its writer may have added to it after the first look, and only then put another in its place.
    if (size === 0 && this.#isReplaced()) size = readSync(this.#fd!, chunk, 0, chunkBytes, this.#offset);
    if (size === 0 && this.#isReplaced()) {
      this.close();
      if (!this.#open()) return [];
      size = readSync(this.#fd!, chunk, 0, chunkBytes, 0);
    }
    this.#offset += size;
    const lines = (this.#rest + this.#decoder.write(chunk.subarray(0, size))).split('\n');
    this.#rest = lines.pop()!;
    if (this.#rest.length > longestLine) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    return lines;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): boolean {
    try {
      this.#fd = openSync(this.path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    this.#inode = fstatSync(this.#fd).ino;
    this.#offset = 0;
    this.#rest = '';
    this.#decoder = new StringDecoder('utf8');
    return true;
  }

  /** By another file, or by itself from the beginning. */
  #isReplaced(): boolean {
    const now = statSync(this.path, { throwIfNoEntry: false });
    return now !== undefined && (now.ino !== this.#inode || now.size < this.#offset);
  }
}
