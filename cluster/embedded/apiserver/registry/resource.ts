import { isDeepStrictEqual } from 'node:util';
import { FieldErrors } from '../../kinds/field-errors.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { validateObjectMeta } from '../../kinds/object-meta.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { KubeObject } from '../../kinds/types.ts';
import type { Store } from '../../store/store.ts';
import { alreadyExists, badRequest, conflict, forbidden, invalid, notFound, type ResourceName } from '../api-error.ts';
import type { DeleteOptions, ListOptions } from '../api.ts';
import { Ownership } from '../managed-fields/ownership.ts';
import { copy } from './json.ts';
import { generatedName, metadataAtCreate, metadataAtUpdate } from './object-meta.ts';
import { predicate } from './selectors.ts';
import { watchSelected, type SelectedListener } from './watch.ts';

export interface WriteOptions {
  /** Check and answer, but store nothing. */
  dryRun?: boolean;
  /** Write the status alone. */
  subresource?: 'status';
  /** Who writes, for metadata.managedFields. */
  manager?: string;
}

export interface ApplyOptions extends WriteOptions {
  manager: string;
  /** Take over what others own with another value, instead of a conflict. */
  force?: boolean;
}

/** Whoever writes without saying who. */
const NOBODY = 'unknown';

export interface RemoveOptions extends DeleteOptions {
  resourceVersion?: string;
  dryRun?: boolean;
}

/** Says no to an object that is about to be created, by throwing an ApiError. */
export type Admission = (kind: Kind, object: KubeObject) => void;

/** The objects of one kind: every rule of the API about reading and writing them that does not depend on HTTP. */
export class Resource {
  readonly kind: Kind;
  readonly name: ResourceName;
  readonly #store: Store;
  readonly #table: string;
  readonly #admit: Admission;
  readonly #ownership: Ownership;

  constructor(kind: Kind, store: Store, admit: Admission) {
    this.kind = kind;
    this.name = { group: kind.group, plural: kind.plural };
    this.#store = store;
    this.#table = `${kind.group || 'core'}/${kind.plural}`;
    this.#admit = admit;
    this.#ownership = new Ownership(kind);
  }

  /** Of the last write to any resource. */
  get revision(): number {
    return this.#store.revision;
  }

  /** @throws ApiError NotFound */
  get(name: string, namespace?: string): KubeObject {
    const object = this.#store.get(this.#table, this.#key(name, namespace));
    if (!object) throw notFound(this.name, name);
    return object;
  }

  /**
   * Ordered by namespace and name; at an earlier revision, as they were then.
   *
   * @throws ExpiredError
   */
  list(options: ListOptions = {}, revision?: number): KubeObject[] {
    return this.#store.list(this.#table, revision).filter(predicate(this.kind, options));
  }

  /** @throws ApiError AlreadyExists, Invalid, Forbidden */
  create(given: KubeObject, options: WriteOptions = {}): KubeObject {
    return this.#create(given, options, false);
  }

  #create(given: KubeObject, options: WriteOptions, isApplied: boolean): KubeObject {
    const { kind } = this;
    const draft = this.#identified(copy(given));
    draft.metadata = metadataAtCreate(this.#named(draft.metadata), kind.generation);
    if (kind.status && !kind.statusAtCreate) (draft as { status?: object }).status = {};
    this.#admit(kind, draft);
    kind.defaults?.(draft);
    kind.onCreate?.(draft, () => this.list());
    this.#validate(draft);
    const key = this.#key(draft.metadata.name, draft.metadata.namespace);
    if (this.#store.get(this.#table, key)) throw alreadyExists(this.name, draft.metadata.name);
    if (!isApplied) this.#noteManager(null, draft, options);
    return options.dryRun ? draft : this.#store.put(this.#table, key, draft);
  }

  /** @throws ApiError NotFound, Conflict, Invalid */
  update(given: KubeObject, options: WriteOptions = {}): KubeObject {
    const old = this.get(given.metadata.name, given.metadata.namespace);
    return this.#write(given, old, options);
  }

  /**
   * Changes what is there; `change` answers the new object, and may share parts of the old.
   *
   * @throws ApiError NotFound, Conflict, Invalid
   */
  modify(
    name: string,
    namespace: string | undefined,
    change: (old: KubeObject) => KubeObject,
    options: WriteOptions = {},
  ): KubeObject {
    const old = this.get(name, namespace);
    const draft = change(old);
    const { metadata } = draft;
    if (metadata?.name !== name || (metadata.namespace ?? '') !== (old.metadata.namespace ?? '')) {
      throw badRequest(`a patch cannot change the name or namespace of ${this.kind.plural} "${name}"`);
    }
    return this.#write(draft, old, options);
  }

  /**
   * Server-side apply: makes the object, or brings it to what is applied, and notes who owns that.
   *
   * @throws ApiError NotFound (a status of what is not there), Conflict, Invalid
   */
  apply(applied: KubeObject, options: ApplyOptions): { object: KubeObject; isNew: boolean } {
    const { name, namespace } = applied.metadata;
    const live = this.#store.get(this.#table, this.#key(name, namespace)) ?? null;
    const { subresource, manager, force = false } = options;
    if (!live && subresource) throw notFound(this.name, name);
    const draft = this.#ownership.apply(live, this.#writable(applied, subresource), this.name, {
      manager: { name: manager, operation: 'Apply', ...(subresource && { subresource }) },
      force,
    });
    if (!live) return { object: this.#create(draft, options, true), isNew: true };
    return { object: this.#write(draft, live, options, true), isNew: false };
  }

  /** Stores what the server itself has made of an object, past the rules for what writers may change. */
  replace(old: KubeObject, draft: KubeObject): KubeObject {
    return this.#settle(copy(draft), old, {});
  }

  /**
   * Deletes at once, or marks for deletion what its keeper or a finalizer still holds. Answers the object's last state.
   *
   * @throws ApiError NotFound, Conflict
   */
  delete(name: string, namespace?: string, options: RemoveOptions = {}): KubeObject {
    const old = this.get(name, namespace);
    this.#checkPreconditions(old.metadata, options);
    const why = this.kind.undeletable?.(old);
    if (why) throw forbidden(this.name, name, why);
    const grace = this.kind.gracePeriod?.(old, options.gracePeriodSeconds) ?? 0;
    const { deletionTimestamp, deletionGracePeriodSeconds: before = 0 } = old.metadata;
    const waits = !deletionTimestamp ? collectorFinalizer(options.propagationPolicy) : undefined;
    const held = waits !== undefined || this.#isHeld(old);
    const goes = grace === 0 && !held;
    // Once begun, a deletion can be hastened by a shorter grace that is asked for, but neither delayed nor begun again.
    const hastened = options.gracePeriodSeconds !== undefined && grace < before;
    if (deletionTimestamp && !goes && !hastened) return old;
    if (goes) {
      return options.dryRun ? old : this.#store.remove(this.#table, this.#key(name, namespace), old);
    }
    const draft = copy(old);
    const begun = deletionTimestamp ? Date.parse(deletionTimestamp) - before * 1000 : Date.now();
    draft.metadata.deletionTimestamp = timestamp(begun + grace * 1000);
    draft.metadata.deletionGracePeriodSeconds = grace;
    if (this.kind.generation && draft.metadata.generation) draft.metadata.generation++;
    if (waits) draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), waits];
    this.kind.onDelete?.(draft);
    return this.#settle(draft, old, options);
  }

  /**
   * Calls `listener` for changes of the objects selected after revision `since`; without it, first for all there are.
   *
   * @throws ApiError BadRequest; ExpiredError
   */
  watch(options: ListOptions, since: number | undefined, listener: SelectedListener): () => void {
    return this.#store.watch(this.#table, since, watchSelected(predicate(this.kind, options), listener));
  }

  /** An update by a client: it may write the status or all but the status, never what is the server's. */
  #write(given: KubeObject, old: KubeObject, options: WriteOptions, isApplied = false): KubeObject {
    const { kind } = this;
    this.#checkPreconditions(old.metadata, given.metadata);
    if (options.subresource === 'status') {
      // The rest of the object is shared with the old one: statuses are written far more often than anything else.
      const status = copy((given as { status?: object }).status ?? {});
      const next = { ...old, metadata: { ...old.metadata }, status } as KubeObject;
      if (isApplied) next.metadata.managedFields = given.metadata.managedFields;
      else this.#noteManager(old, next, options);
      return this.#settle(next, old, options);
    }
    const draft = this.#identified(copy(given));
    draft.metadata = metadataAtUpdate(draft.metadata, old.metadata);
    if (kind.status) keepStatus(draft, old);
    kind.defaults?.(draft);
    kind.onUpdate?.(draft, old, () => this.list());
    this.#validate(draft, old);
    if (kind.generation && !isDeepStrictEqual(content(draft), content(old))) {
      draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
    if (!isApplied) this.#noteManager(old, draft, options);
    return this.#settle(draft, old, options);
  }

  /** Stores a draft unless it changes nothing; removes what a deletion waits for and nothing holds any more. */
  #settle(draft: KubeObject, old: KubeObject, { dryRun }: { dryRun?: boolean }): KubeObject {
    draft.metadata.resourceVersion = old.metadata.resourceVersion;
    if (isDeepStrictEqual(draft, old)) return old;
    if (dryRun) return draft;
    const key = this.#key(old.metadata.name, old.metadata.namespace);
    const { deletionTimestamp, deletionGracePeriodSeconds } = draft.metadata;
    if (deletionTimestamp && !deletionGracePeriodSeconds && !this.#isHeld(draft)) {
      return this.#store.remove(this.#table, key, draft);
    }
    return this.#store.put(this.#table, key, draft);
  }

  #validate(draft: KubeObject, old?: KubeObject): void {
    const errors = new FieldErrors();
    validateObjectMeta(draft.metadata, this.kind.names, errors);
    this.kind.validate?.(draft, errors, () => this.list());
    if (old) this.kind.validateUpdate?.(draft, old, errors);
    if (old?.metadata.deletionTimestamp) {
      const before = old.metadata.finalizers ?? [];
      const added = (draft.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
      if (added.length > 0)
        errors.forbidden('metadata.finalizers', 'no new finalizers can be added if the object is being deleted');
    }
    if (errors.causes.length > 0) throw invalid(this.kind, draft.metadata.name, errors.causes);
  }

  #noteManager(old: KubeObject | null, draft: KubeObject, { manager = NOBODY, subresource }: WriteOptions): void {
    const writer = { name: manager, operation: 'Update' as const, ...(subresource && { subresource }) };
    const managedFields = this.#ownership.afterUpdate(old, draft, writer);
    if (managedFields?.length) draft.metadata.managedFields = managedFields;
    else delete draft.metadata.managedFields;
  }

  /** What a writer of the object, or of its status, may say of it. */
  #writable(applied: KubeObject, subresource: 'status' | undefined): KubeObject {
    const { status, ...rest } = applied as KubeObject & { status?: unknown };
    if (!this.kind.status) return applied;
    if (!subresource) return rest;
    const { name, namespace, uid, resourceVersion } = applied.metadata;
    return { ...identityOf(applied), metadata: { name, namespace, uid, resourceVersion }, status } as KubeObject;
  }

  #checkPreconditions(
    { name, uid, resourceVersion }: KubeObject['metadata'],
    wanted: { uid?: string; resourceVersion?: string },
  ) {
    if (wanted.uid && wanted.uid !== uid) {
      throw conflict(
        this.name,
        name,
        `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`,
      );
    }
    if (wanted.resourceVersion && wanted.resourceVersion !== resourceVersion) {
      const message = 'the object has been modified; please apply your changes to the latest version and try again';
      throw conflict(this.name, name, message);
    }
  }

  #isHeld(object: KubeObject): boolean {
    return Boolean(object.metadata.finalizers?.length) || (this.kind.held?.(object) ?? false);
  }

  #identified(draft: KubeObject): KubeObject {
    draft.apiVersion = apiVersionOf(this.kind);
    draft.kind = this.kind.kind;
    return draft;
  }

  #named(metadata: KubeObject['metadata']): KubeObject['metadata'] {
    if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
    if (metadata.name || !metadata.generateName) return { ...metadata, name: metadata.name ?? '' };
    for (;;) {
      const name = generatedName(metadata.generateName);
      if (!this.#store.get(this.#table, this.#key(name, metadata.namespace))) return { ...metadata, name };
    }
  }

  #key(name: string, namespace: string | undefined): string {
    if (!this.kind.namespaced) return `/${name}`;
    if (!namespace) throw badRequest(`${this.kind.plural} live in a namespace; none was given for "${name}"`);
    return `${namespace}/${name}`;
  }
}

function identityOf({ apiVersion, kind }: KubeObject) {
  return { apiVersion, kind };
}

function keepStatus(draft: KubeObject & { status?: unknown }, old: KubeObject & { status?: unknown }): void {
  if (old.status === undefined) delete draft.status;
  else draft.status = copy(old.status);
}

/** What metadata.generation counts the changes of. */
function content(object: KubeObject): object {
  return { ...object, metadata: undefined, status: undefined };
}

/** The finalizer by which the garbage collector knows that it has something to do before the owner goes. */
function collectorFinalizer(policy: RemoveOptions['propagationPolicy']): string | undefined {
  if (policy === 'Foreground') return 'foregroundDeletion';
  return policy === 'Orphan' ? 'orphan' : undefined;
}
