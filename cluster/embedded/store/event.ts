import type { KubeObject } from '../kinds/types.ts';

/** A change of one object. Both objects are frozen and shared by everyone who sees the event. */
export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** `namespace/name` */
  key: string;
  /** For DELETED: the last state, with the revision of the deletion. */
  object: KubeObject;
  /** What the object was before; absent for ADDED. */
  previous?: KubeObject;
  revision: number;
}

export type StoreListener = (event: StoreEvent) => void;
