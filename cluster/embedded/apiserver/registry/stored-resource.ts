import { isDeepStrictEqual } from 'node:util';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { RevisionError } from '../../store/revision-error.ts';
import type { Store } from '../../store/store.ts';
import { alreadyExists, ApiError, badRequest, conflict, forbidden, notFound, type ResourceName } from '../api-error.ts';
import type { DeleteOptions, ListOptions } from '../api.ts';
import { copy } from './json.ts';
import { generatedName } from './object-meta.ts';
import { predicate } from './selectors.ts';
import { watchSelected, type SelectedListener } from './watch.ts';
import { WritePath, type Admission, type WriteOptions } from './write-path.ts';

export interface ApplyOptions extends WriteOptions {
  manager: string;
  /** Take over what others own with another value, instead of a conflict. */
  force?: boolean;
}

/** What an object has to be, if it says so, and whether to try only. */
export interface Conditions extends Pick<WriteOptions, 'dryRun'> {
  uid?: string;
  resourceVersion?: string;
}

export interface RemoveOptions extends DeleteOptions, Conditions, Pick<WriteOptions, 'user'> {}

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';
/** How many generated names are tried before a create is refused, as upstream. */
const NAME_ATTEMPTS = 8;
/** The longest grace of a deletion, in seconds: 68 years. One that is longer has no end that could be written. */
const LONGEST_GRACE = 2 ** 31;

/** The objects of one kind in the store: every rule of the API about reading and writing them that does not depend on HTTP. */
export class StoredResource {
  readonly kind: Kind;
  readonly name: ResourceName;
  readonly #store: Store;
  readonly #table: string;
  readonly #path: WritePath;

  constructor(kind: Kind, store: Store, admission: Admission) {
    this.kind = kind;
    this.name = { group: kind.group, plural: kind.plural };
    this.#store = store;
    // All versions of a kind are the same objects.
    this.#table = `${kind.group || 'core'}/${kind.plural}`;
    this.#path = new WritePath(kind, admission, () => this.list());
    store.reread(this.#table, (object) => defaulted(kind, object));
  }

  /** Of the last write to any resource. */
  get revision(): number {
    return this.#store.revision;
  }

  /** @throws ApiError NotFound */
  get(name: string, namespace?: string): KubeObject {
    const object = this.find(name, namespace);
    if (!object) throw notFound(this.name, name);
    return object;
  }

  find(name: string, namespace?: string): KubeObject | undefined {
    const object = this.#store.get(this.#table, this.#key(name, namespace));
    return object && inVersion(this.kind, object);
  }

  /**
   * Ordered by namespace and name; at an earlier revision, as they were then.
   *
   * @throws ExpiredError
   */
  list(options: ListOptions = {}, revision?: number): KubeObject[] {
    const objects = this.#store.list(this.#table, revision).filter(predicate(this.kind, options));
    return objects.map((object) => inVersion(this.kind, object));
  }

  /**
   * Calls `listener` for changes of the objects selected after revision `since`; without it, first for all there are.
   *
   * @throws ApiError BadRequest; ExpiredError
   */
  watch(options: ListOptions, since: number | undefined, listener: SelectedListener): () => void {
    const selected = watchSelected(predicate(this.kind, options), ({ type, object }, source) =>
      listener({ type, object: inVersion(this.kind, object) }, source),
    );
    return this.#store.watch(this.#table, since, selected);
  }

  /** Calls `reached` with the revision of now, once all watches have had what happened up to it. */
  mark(reached: (revision: number) => void): void {
    this.#store.mark(reached);
  }

  /** @throws ApiError AlreadyExists, Invalid, Forbidden */
  create(given: KubeObject, options: WriteOptions = {}): KubeObject {
    return this.#create(given, options, false);
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
    const live = this.find(name, namespace) ?? null;
    const { subresource, manager, force = false } = options;
    if (!live && subresource) throw notFound(this.name, name);
    const draft = this.#path.applied(live, applied, {
      manager: { name: manager, operation: 'Apply', ...(subresource && { subresource }) },
      force,
    });
    if (!live) return { object: this.#create(draft, options, true), isNew: true };
    return { object: this.#write(draft, live, options, true), isNew: false };
  }

  /**
   * Stores what the server itself has made of an object, past the rules for what writers may change.
   *
   * @throws ApiError Conflict
   */
  replace(old: KubeObject, draft: KubeObject, conditions: Conditions = {}): KubeObject {
    this.#checkPreconditions(old.metadata, conditions);
    return this.#settle(copy(draft), old, conditions);
  }

  /**
   * Deletes at once, or marks for deletion what its keeper or a finalizer still holds. Answers the object's last state.
   *
   * @throws ApiError NotFound, Conflict
   */
  delete(name: string, namespace?: string, options: RemoveOptions = {}): KubeObject {
    const old = this.get(name, namespace);
    this.#checkDeletable(old.metadata, options);
    const why = this.kind.undeletable?.(old);
    if (why) throw forbidden(this.name, name, why);
    this.#path.remove(old, options);
    const grace = Math.min(LONGEST_GRACE, this.kind.gracePeriod?.(old, options.gracePeriodSeconds) ?? 0);
    const { deletionTimestamp, deletionGracePeriodSeconds: before = 0 } = old.metadata;
    const draft = copy(old);
    draft.metadata.finalizers = withPolicy(old.metadata.finalizers, options.propagationPolicy);
    if (!draft.metadata.finalizers?.length) delete draft.metadata.finalizers;
    const goes = grace === 0 && !this.#isHeld(draft);
    if (goes) {
      const last = options.dryRun ? old : this.#swap(old, (key) => this.#store.remove(this.#table, key, old));
      if (!this.kind.gracePeriod) return last;
      const mark = { deletionTimestamp: deletionTimestamp ?? timestamp(), deletionGracePeriodSeconds: 0 };
      return { ...last, metadata: { ...last.metadata, ...mark } };
    }
    // Once begun, a deletion can be hastened by a shorter grace that is asked for, but neither delayed nor begun again.
    const hastened = options.gracePeriodSeconds !== undefined && grace < before;
    if (!deletionTimestamp || hastened) {
      const begun = deletionTimestamp ? Date.parse(deletionTimestamp) - before * 1000 : Date.now();
      draft.metadata.deletionTimestamp = timestamp(begun + grace * 1000);
      draft.metadata.deletionGracePeriodSeconds = grace;
      if (this.kind.generation && draft.metadata.generation) draft.metadata.generation++;
      this.kind.onDelete?.(draft);
    }
    return this.#settle(draft, old, options);
  }

  #create(given: KubeObject, options: WriteOptions, isApplied: boolean): KubeObject {
    const { name, generateName, namespace, resourceVersion } = given.metadata;
    if (resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
    for (let attempt = 1; ; attempt++) {
      const chosen = name || (generateName ? generatedName(generateName) : '');
      const named = { ...given, metadata: { ...given.metadata, name: chosen } };
      const draft = this.#path.create(named, options, isApplied);
      try {
        if (options.dryRun && !this.find(chosen, namespace)) return draft;
        return this.#swap(draft, (key) => this.#store.put(this.#table, key, draft));
      } catch (error) {
        const isTaken = error instanceof ApiError && error.code === 'AlreadyExists';
        if (!isTaken || name || attempt === NAME_ATTEMPTS) throw error;
      }
    }
  }

  #write(given: KubeObject, old: KubeObject, options: WriteOptions, isApplied = false): KubeObject {
    this.#checkPreconditions(old.metadata, given.metadata);
    const isStatus = options.subresource === 'status';
    const draft = isStatus
      ? this.#path.updateStatus(given, old, options, isApplied)
      : this.#path.update(given, old, options, isApplied);
    return this.#settle(draft, old, options);
  }

  /** Stores a draft unless it changes nothing; removes what a deletion waits for and nothing holds any more. */
  #settle(draft: KubeObject, old: KubeObject, { dryRun }: { dryRun?: boolean }): KubeObject {
    draft.metadata.resourceVersion = old.metadata.resourceVersion;
    if (isDeepStrictEqual(draft, old)) return old;
    if (dryRun) return draft;
    const { deletionTimestamp, deletionGracePeriodSeconds } = draft.metadata;
    const goes = deletionTimestamp && !deletionGracePeriodSeconds && !this.#isHeld(draft);
    return this.#swap(draft, (key) => {
      return goes ? this.#store.remove(this.#table, key, draft) : this.#store.put(this.#table, key, draft);
    });
  }

  /** Compare-and-swap, in the words of the API. */
  #swap(draft: KubeObject, write: (key: string) => KubeObject): KubeObject {
    const { name, namespace } = draft.metadata;
    try {
      return write(this.#key(name, namespace));
    } catch (error) {
      if (!(error instanceof RevisionError)) throw error;
      if (error.code === 'KeyExists') throw alreadyExists(this.name, name);
      throw error.code === 'KeyNotFound' ? notFound(this.name, name) : conflict(this.name, name, MODIFIED);
    }
  }

  #checkPreconditions(
    { name, uid, resourceVersion }: KubeObject['metadata'],
    wanted: Pick<Conditions, 'uid' | 'resourceVersion'>,
  ) {
    if (wanted.uid && wanted.uid !== uid) {
      const message = `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`;
      throw conflict(this.name, name, message);
    }
    if (wanted.resourceVersion && wanted.resourceVersion !== resourceVersion) throw conflict(this.name, name, MODIFIED);
  }

  /** As rest.BeforeDelete upstream. */
  #checkDeletable({ name, uid, resourceVersion }: KubeObject['metadata'], wanted: RemoveOptions): void {
    const named = { group: this.kind.group, plural: this.kind.kind };
    const refuse = (what: string, asked: string, found: string | undefined, why: string) => {
      const message = `the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). ${why}`;
      throw conflict(named, name, message);
    };
    const [gone, changed] = ['might have been deleted and then recreated', 'might have been modified'];
    if (wanted.uid && wanted.uid !== uid) refuse('UID', wanted.uid, uid, `The object ${gone}`);
    if (wanted.resourceVersion && wanted.resourceVersion !== resourceVersion)
      refuse('ResourceVersion', wanted.resourceVersion, resourceVersion, `The object ${changed}`);
  }

  #isHeld(object: KubeObject): boolean {
    return Boolean(object.metadata.finalizers?.length) || (this.kind.held?.(object) ?? false);
  }

  #key(name: string, namespace: string | undefined): string {
    if (!this.kind.namespaced) return `/${name}`;
    if (!namespace) throw badRequest(`${this.kind.plural} live in a namespace; none was given for "${name}"`);
    return `${namespace}/${name}`;
  }
}

/** An object that an older program has written, with the defaults it did not know. */
function defaulted(kind: Kind, object: KubeObject): KubeObject {
  const draft = copy(object);
  kind.defaults(draft);
  return isDeepStrictEqual(draft, object) ? object : draft;
}

/** The object as this version has it: versions differ in their name alone. */
function inVersion(kind: Kind, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(kind);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** The finalizers by which the garbage collector knows what it has to do before the owner goes. */
const collectors = { Background: [], Foreground: ['foregroundDeletion'], Orphan: ['orphan'] };

/** Finalizers as a deletion wants them: the latest that names a policy decides, and one that names none changes nothing. */
function withPolicy(finalizers: string[] = [], policy: RemoveOptions['propagationPolicy']): string[] {
  if (!policy) return finalizers;
  const all = Object.values(collectors).flat<string[][]>();
  return [...finalizers.filter((finalizer) => !all.includes(finalizer)), ...collectors[policy]];
}
