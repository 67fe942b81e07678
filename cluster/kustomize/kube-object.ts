/** Any Kubernetes object as a manifest gives it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** An object on its way through the transformers. */
export interface Resource {
  object: KubeObject;
  /** Its name in the file it came from; by this one patches and generators may still call it. */
  originalName: string;
  /** Generated: its name is to get a suffix made from its content. */
  hashed: boolean;
}

/** `apps/v1 Deployment shop/payments`: for messages, and to tell resources apart. */
export function describe({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** `apps` of `apps/v1`; '' for the core group. */
export function groupOf({ apiVersion }: KubeObject): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
