import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { KustomizeError } from './kustomize-error.ts';

/** What a render may read: files and folders below one root, wherever links lead. */
export class Files {
  readonly #root: string;

  /** @param root of the repository that is rendered */
  constructor(root: string) {
    this.#root = root;
  }

  /** Content of a file that a kustomization names. Throws KustomizeError, as all of these. */
  async text(path: string, namedBy: string): Promise<string> {
    return (await this.bytes(path, namedBy)).toString('utf8');
  }

  async bytes(path: string, namedBy: string): Promise<Buffer> {
    const real = await this.#inside(path, namedBy);
    return readFile(real).catch((cause: Error) => {
      throw notReadable(path, namedBy, cause);
    });
  }

  async isFolder(path: string, namedBy: string): Promise<boolean> {
    return (await stat(await this.#inside(path, namedBy))).isDirectory();
  }

  async #inside(path: string, namedBy: string): Promise<string> {
    const [root, real] = await Promise.all([realpath(this.#root), realpath(path)]).catch((cause: Error) => {
      throw notReadable(path, namedBy, cause);
    });
    const way = relative(root, real);
    if (way.split(/[\\/]/, 1)[0] !== '..' && !isAbsolute(way)) return real;
    throw new KustomizeError(
      'outside-root',
      `${namedBy} names ${path}, which is outside of the repository; copy what it needs into the repository.`,
    );
  }
}

function notReadable(path: string, namedBy: string, cause: Error): KustomizeError {
  return new KustomizeError('not-found', `${namedBy} names ${path}, which cannot be read; correct the path.`, {
    cause,
  });
}
