/** As much of tar-fs as is used here; it brings no types. */
declare module 'tar-fs' {
  import type { Readable, Writable } from 'node:stream';

  interface PackOptions<Header = { name: string }> {
    entries: string[];
    /** Changes what stands in the archive. */
    map: (header: Header) => Header;
  }

  /** An archive of `entries` below a folder, folders with all that is in them. */
  export function pack(folder: string, options: PackOptions): Readable;
  /** Takes an archive, and writes what is in it below a folder, and nowhere else. */
  export function extract(folder: string): Writable;
}
