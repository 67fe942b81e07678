import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { ApiError } from '../api-error.ts';
import { changesBetween, fieldsOf } from './compare.ts';
import { difference, intersection, isEmpty, pathsOf, union, type Fields } from './fields.ts';
import { Managers, managerText, type Manager } from './managers.ts';
import { mergeApplied, withoutFields } from './merge.ts';
import { Structures, type Structure } from './structure.ts';

const SERVERS =
  'name namespace uid resourceVersion creationTimestamp deletionTimestamp deletionGracePeriodSeconds generation selfLink managedFields';

/** What nobody owns: it says which object this is, or is the server's. */
const nobodys: Fields = {
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': { '.': {}, ...Object.fromEntries(SERVERS.split(' ').map((field) => [`f:${field}`, {}])) },
};

export interface Application {
  manager: Manager;
  /** Take over what others own with another value, instead of a conflict. */
  force: boolean;
}

/**
 * Who owns which fields of the objects of a kind, by the rules of server-side apply
 * (kubernetes.io/docs/reference/using-api/server-side-apply): whoever applies owns what the applied object says; whoever writes otherwise owns
 * what the write changed.
 */
export class Ownership {
  readonly #kind: Kind;
  readonly #structures: Structures;
  readonly #whole: Structure;

  constructor(kind: Kind) {
    this.#kind = kind;
    this.#structures = new Structures(kind.types);
    this.#whole = this.#structures.ofType(kind.model);
  }

  /** metadata.managedFields after a write that is no apply. `given` is what the writer sent of it; nothing keeps what was. */
  afterUpdate(old: KubeObject | null, draft: KubeObject, manager: Manager): KubeObject['metadata']['managedFields'] {
    const given = draft.metadata.managedFields;
    const before = Managers.read(given?.length ? given : old?.metadata.managedFields);
    const { changed, removed } =
      manager.subresource === 'status' ? this.#changes(statusOf(old), statusOf(draft)) : this.#changes(old, draft);
    if (isEmpty(changed) && isEmpty(removed)) return before.write();
    const own = union(difference(before.of(manager), removed), changed);
    return before
      .without(union(changed, removed), manager)
      .with(manager, own, apiVersionOf(this.#kind), timestamp())
      .write();
  }

  /**
   * The object after an apply, with its managedFields. What the manager applied before, does not apply now and nobody else owns is
   * taken out.
   *
   * @throws ApiError Conflict, with a cause for each field that others own with another value
   */
  apply(live: KubeObject | null, applied: KubeObject, { manager, force }: Application): KubeObject {
    const owned = this.#ownable(fieldsOf(applied, this.#whole, this.#structures), manager);
    const before = Managers.read(live?.metadata.managedFields);
    const others = before.others(manager);
    const kept = others.reduce((all, { fields }) => union(all, fields), owned);
    const dropped = difference(before.of(manager), kept);
    const base = live ? { ...live, metadata: { ...live.metadata, managedFields: undefined } } : undefined;
    const merged = mergeApplied(base, applied, this.#whole, this.#structures) as KubeObject;
    const next = withoutFields(merged, dropped, kept, this.#whole, this.#structures) as KubeObject;
    const { changed, removed } = live ? this.#changes(live, next) : { changed: {}, removed: {} };
    const disputed = difference(changed, this.#formerlyApplied(live, manager));
    const conflicts = others
      .map((other) => ({ by: managerText(other), paths: pathsOf(intersection(other.fields, disputed)).sort() }))
      .filter(({ paths }) => paths.length > 0);
    if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
    const managedFields = before
      .without(union(changed, removed), manager)
      .with(manager, owned, apiVersionOf(this.#kind), timestamp())
      .write();
    return { ...next, metadata: { ...next.metadata, managedFields } };
  }

  /**
   * What `kubectl apply` without --server-side said last, by its own note on the object: kubectl may take that over from itself
   * without a conflict, as upstream's lastAppliedManager lets it.
   */
  #formerlyApplied(live: KubeObject | null, { name }: Manager): Fields {
    const note = live?.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'];
    if (name !== 'kubectl' || !note) return {};
    try {
      return fieldsOf(JSON.parse(note), this.#whole, this.#structures);
    } catch (error) {
      // Anybody may write the annotation; what cannot be read allows nothing.
      if (error instanceof SyntaxError) return {};
      throw error;
    }
  }

  #changes(old: object | null, draft: object) {
    const { changed, removed } = changesBetween(old ?? {}, draft, this.#whole, this.#structures);
    return { changed: difference(changed, nobodys), removed: difference(removed, nobodys) };
  }

  /** Of the status only its own subresource owns anything, and of the rest nothing. */
  #ownable(fields: Fields, { subresource }: Manager): Fields {
    const { 'f:status': status, ...rest } = fields;
    if (subresource === 'status') return status ? { 'f:status': status } : {};
    return difference(this.#kind.status ? rest : fields, nobodys);
  }
}

/** All that a write of the status can change. */
function statusOf(object: KubeObject | null): object {
  const { status } = (object ?? {}) as { status?: object };
  return status ? { status } : {};
}

function applyConflict(conflicts: { by: string; paths: string[] }[]): ApiError {
  const causes = conflicts.flatMap(({ by, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${by}`, field })),
  );
  const list = conflicts.map(({ by, paths }) =>
    causes.length === 1
      ? `conflict with ${by}: ${paths[0]}`
      : `conflicts with ${by}:\n${paths.map((path) => `- ${path}`).join('\n')}`,
  );
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  return new ApiError('Conflict', `Apply failed with ${count}: ${list.join('\n')}`, { causes });
}
