import type { Applied, Manifest } from '../../cluster/client/apply.ts';
import { changedFields, differences } from '../../cluster/client/differences.ts';
import type { FieldDrift } from '../contract/patterns.ts';

type Live = Pick<Manifest, 'metadata'>;

/** A value is shown, not stored: longer ones are cut. */
const mostText = 200;

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

  /** It was there since it was applied, and is not any more. */
  isMissing(live: Live | null | undefined): boolean {
    return !live && this.#seen;
  }

  /** What of the manifest somebody else has set otherwise. What controllers and others set beside it is theirs. */
  drift(live: Live | null | undefined): FieldDrift[] {
    if (!live || !this.isTouched(live)) return [];
    const { stringData, ...set } = this.manifest as Manifest & { stringData?: unknown };
    // It is read back as data.
    if (stringData) Object.assign(set, { data: (this.#applied as Manifest & { data?: unknown }).data });
    return changedFields(contentOf(this.#applied), contentOf(live), contentOf(set)).map(({ path, before, after }) => {
      return { field: path, desired: this.#told(before), live: this.#told(after) };
    });
  }

  /** Nothing in a Secret is told: an annotation may hold its values, too. */
  #told(value: unknown): string | null {
    if (value === undefined) return null;
    if (this.manifest.kind === 'Secret') return '(hidden)';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > mostText ? `${text.slice(0, mostText)}…` : text;
  }
}

/** Lists and watches do not say what kind their items are. */
function contentOf(object: Live): object {
  const { apiVersion: _apiVersion, kind: _kind, ...content } = object as Manifest;
  return content;
}
