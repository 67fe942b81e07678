import { createHash } from 'node:crypto';
import type { Tree } from './tree.ts';

/** What is tried out is committed a moment later, and what is reverted was there a moment before. */
const kept = 8;

/** What the latest trees came to: the same files always render the same. */
export class RenderedTrees<T> {
  readonly #known = new Map<string, T>();

  /** A tree that fails is rendered again. */
  async read(files: Tree, render: () => Promise<T>): Promise<T> {
    const listed = [...files].map(([path, { oid, mode }]) => `${mode} ${oid} ${path}`).sort();
    const key = createHash('sha256').update(listed.join('\0')).digest('hex');
    const rendered = this.#known.get(key) ?? (await render());
    this.#known.delete(key);
    this.#known.set(key, rendered);
    for (const [oldest] of this.#known) if (this.#known.size > kept) this.#known.delete(oldest);
    return rendered;
  }
}
