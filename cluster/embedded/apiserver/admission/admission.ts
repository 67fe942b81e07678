import type { Kind } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import type { Registry } from '../registry/registry.ts';
import type { UserInfo } from '../auth/user.ts';

/** What a write is about, besides the object itself. */
export interface Attributes {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  user: UserInfo;
  kind: Kind;
  subresource?: string;
  /** What is there; null for a create. */
  old: KubeObject | null;
  dryRun: boolean;
}

/** A rule about writes that looks beyond the object. A file each in this folder; index.ts lists them in their order. */
export interface AdmissionPlugin {
  /** As upstream calls it. */
  name: string;
  /** Changes a draft, or refuses it with an ApiError, before its defaults are filled in. */
  admit?(draft: KubeObject, attributes: Attributes, registry: Registry): void;
  /** Refuses a write with an ApiError, after the kind has found it valid. Of a delete, `object` is what would go. */
  validate?(object: KubeObject, attributes: Attributes, registry: Registry): void;
}
