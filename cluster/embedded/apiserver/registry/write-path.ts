import { isDeepStrictEqual } from 'node:util';
import { FieldErrors } from '../../kinds/field-errors.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { validateObjectMeta } from '../../kinds/object-meta.ts';
import type { KubeObject } from '../../kinds/types.ts';
import type { AdmissionPlugin, Attributes } from '../admission/admission.ts';
import { invalid } from '../api-error.ts';
import { apiServer, type UserInfo } from '../auth/user.ts';
import { Ownership, type Application } from '../managed-fields/ownership.ts';
import { copy } from './json.ts';
import { metadataAtCreate, metadataAtUpdate } from './object-meta.ts';
import type { Registry } from './registry.ts';

export interface WriteOptions {
  /** Who writes; the API server itself where nobody is named. */
  user?: UserInfo;
  /** By which name, for metadata.managedFields. */
  manager?: string;
  /** Check and answer, but store nothing. */
  dryRun?: boolean;
  /** Write the status alone, or ephemeral containers alone; a scale has written the replicas alone. */
  subresource?: 'status' | 'ephemeralcontainers' | 'scale';
  /** Hears what the writer should know of a write that is let through. */
  warn?: (message: string) => void;
}

export interface Admission {
  registry: Registry;
  plugins: AdmissionPlugin[];
}

/** Whoever writes without saying who. */
const NOBODY = 'unknown';

/**
 * What every write goes through between its reading and the store, whoever it comes from: default, note who owns what, mutate
 * (admission), validate (the kind's rules, then admission again). It makes the object to be stored of what a writer has sent.
 */
export class WritePath {
  readonly #kind: Kind;
  readonly #admission: Admission;
  readonly #all: () => KubeObject[];
  readonly #ownership: Ownership;

  /** @param all answers the objects of this kind there are */
  constructor(kind: Kind, admission: Admission, all: () => KubeObject[]) {
    this.#kind = kind;
    this.#admission = admission;
    this.#all = all;
    this.#ownership = new Ownership(kind);
  }

  /** `given` has its name. Throws ApiError Invalid, Forbidden and what admission throws. */
  create(given: KubeObject, options: WriteOptions, isApplied: boolean): KubeObject {
    const kind = this.#kind;
    const draft = this.#identified(copy(given));
    draft.metadata = metadataAtCreate(draft.metadata, kind.generation);
    if (kind.status && !kind.statusAtCreate) (draft as { status?: object }).status = {};
    const attributes = this.#attributes('CREATE', null, options);
    kind.defaults(draft);
    // What the server adds from here on is not the writer's.
    if (!isApplied) this.#noteManager(null, draft, options);
    this.#admit(draft, attributes);
    kind.defaults(draft);
    kind.onCreate?.(draft, this.#all);
    this.#validate(draft, attributes, options);
    return draft;
  }

  /** All but the status, never what is the server's. */
  update(given: KubeObject, old: KubeObject, options: WriteOptions, isApplied: boolean): KubeObject {
    const kind = this.#kind;
    const draft = this.#identified(copy(given));
    draft.metadata = metadataAtUpdate(draft.metadata, old.metadata);
    if (kind.status) keepStatus(draft, old);
    const attributes = this.#attributes('UPDATE', old, options);
    kind.defaults(draft);
    if (!isApplied) this.#noteManager(old, draft, options);
    this.#admit(draft, attributes);
    kind.onUpdate?.(draft, old, this.#all);
    this.#validate(draft, attributes, options);
    if (kind.generation && !isDeepStrictEqual(content(draft), content(old))) {
      draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
    return draft;
  }

  /** The status alone. */
  updateStatus(given: KubeObject, old: KubeObject, options: WriteOptions, isApplied: boolean): KubeObject {
    // The rest of the object is shared with the old one: statuses are written far more often than anything else.
    const status = copy((given as { status?: object }).status ?? {});
    const draft = { ...old, metadata: { ...old.metadata }, status } as KubeObject;
    const attributes = this.#attributes('UPDATE', old, options);
    this.#admit(draft, attributes);
    if (isApplied) draft.metadata.managedFields = given.metadata.managedFields;
    else this.#noteManager(old, draft, options);
    this.#review(draft, attributes);
    return draft;
  }

  /** Whether an object may go. */
  remove(old: KubeObject, options: WriteOptions): void {
    this.#review(old, this.#attributes('DELETE', old, options));
  }

  /** What server-side apply makes of what is there; it still has to go through a create or an update. */
  applied(live: KubeObject | null, given: KubeObject, application: Application): KubeObject {
    const said = this.#writable(given, application.manager.subresource);
    return this.#ownership.apply(live, said, application);
  }

  #attributes(operation: Attributes['operation'], old: KubeObject | null, options: WriteOptions): Attributes {
    const { user = apiServer, subresource, dryRun = false } = options;
    return { operation, user, kind: this.#kind, subresource, old, dryRun };
  }

  #admit(draft: KubeObject, attributes: Attributes): void {
    const { plugins, registry } = this.#admission;
    for (const plugin of plugins) plugin.admit?.(draft, attributes, registry);
  }

  #review(object: KubeObject, attributes: Attributes): void {
    const { plugins, registry } = this.#admission;
    for (const plugin of plugins) plugin.validate?.(object, attributes, registry);
  }

  #validate(draft: KubeObject, attributes: Attributes, { warn }: WriteOptions): void {
    const { old } = attributes;
    const errors = new FieldErrors();
    validateObjectMeta(draft.metadata, this.#kind.names, errors);
    this.#kind.validate(draft, errors, this.#all);
    if (old) this.#kind.validateUpdate?.(draft, old, errors, attributes.subresource);
    else this.#kind.validateCreate?.(draft, errors);
    if (old?.metadata.deletionTimestamp) {
      const before = old.metadata.finalizers ?? [];
      const added = (draft.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
      if (added.length > 0) {
        const found = `found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
        const detail = `no new finalizers can be added if the object is being deleted, ${found}`;
        errors.forbidden('metadata.finalizers', detail);
      }
    }
    if (errors.causes.length > 0) throw invalid(this.#kind, draft.metadata.name, errors.causes);
    this.#review(draft, attributes);
    if (warn) for (const message of this.#kind.withoutEffect?.(draft, old ?? undefined) ?? []) warn(message);
  }

  #noteManager(old: KubeObject | null, draft: KubeObject, { manager = NOBODY, subresource }: WriteOptions): void {
    const writer = { name: manager, operation: 'Update' as const, ...(subresource && { subresource }) };
    const managedFields = this.#ownership.afterUpdate(old, draft, writer);
    if (managedFields?.length) draft.metadata.managedFields = managedFields;
    else delete draft.metadata.managedFields;
  }

  /** What a writer of the object, or of its status, may say of it. */
  #writable(applied: KubeObject, subresource: string | undefined): KubeObject {
    const { status, ...rest } = applied as KubeObject & { status?: unknown };
    if (!this.#kind.status) return applied;
    if (!subresource) return rest;
    const { apiVersion, kind, metadata } = applied;
    const { name, namespace, uid, resourceVersion } = metadata;
    return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion }, status } as KubeObject;
  }

  #identified(draft: KubeObject): KubeObject {
    draft.apiVersion = apiVersionOf(this.#kind);
    draft.kind = this.#kind.kind;
    return draft;
  }
}

function keepStatus(draft: KubeObject & { status?: unknown }, old: KubeObject & { status?: unknown }): void {
  if (old.status === undefined) delete draft.status;
  else draft.status = copy(old.status);
}

/** What metadata.generation counts the changes of. */
function content(object: KubeObject): object {
  return { ...object, metadata: undefined, status: undefined };
}
