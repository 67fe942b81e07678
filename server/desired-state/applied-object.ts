import type { Applied, Manifest } from '../../cluster/client/apply.ts';
import { differences } from '../../cluster/client/differences.ts';

type Live = Pick<Manifest, 'metadata'>;

/** An object as it was last applied, and what the watch has brought of it since. */
export class AppliedObject {
  readonly manifest: Manifest;
  /** By which another wish is told from this one. */
  readonly text: string;
  readonly #applied: Manifest;
  /** The watch has caught up with what was applied. */
  #seen = false;
  /** Newer than what was applied, and no different. */
  #harmless = '';

  constructor(manifest: Manifest, text: string, { live }: Applied) {
    this.manifest = manifest;
    this.text = text;
    this.#applied = live;
  }

  /** Some kinds of objects are in no namespace. */
  get clusterWide(): boolean {
    return this.#applied.metadata.namespace === undefined;
  }

  /** True once the watch brings it as it was applied, or later. Not every kind counts generations: a Service has none. */
  isSeen(live: Live | null | undefined): boolean {
    return live != null && (live.metadata.generation ?? 0) >= (this.#applied.metadata.generation ?? 0);
  }

  /** Somebody else has changed or deleted it since, going by the latest that the watch has brought; not its status, which is told by others. */
  isTouched(live: Live | null | undefined): boolean {
    if (!live) return this.#seen;
    const version = live.metadata.resourceVersion ?? '';
    const ahead = Number(version) - Number(this.#applied.metadata.resourceVersion);
    if (ahead < 0) return false;
    this.#seen = true;
    if (ahead === 0 || version === this.#harmless) return false;
    if (differences(contentOf(this.#applied), contentOf(live)).length > 0) return true;
    this.#harmless = version;
    return false;
  }
}

/** Lists and watches do not say what kind their items are. */
function contentOf(object: Live): object {
  const { apiVersion: _apiVersion, kind: _kind, ...content } = object as Manifest;
  return content;
}
