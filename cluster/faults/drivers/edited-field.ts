import type { Deployment, Node } from '../../embedded/kinds/types.ts';
import type { FaultEdit } from '../fault-object.ts';

type Edited = Deployment | Node;

/** What stands in the field of an edit now; undefined where nothing does. */
export function valueIn(object: Edited, { kind, field }: Pick<FaultEdit, 'kind' | 'field'>): string | undefined {
  const spec = object.spec as Record<string, unknown> | undefined;
  const [path, container, name] = field.split(' ');
  if (kind === 'Deployment' && path === 'env') return variable(object as Deployment, container!, name!)?.value;
  const value = spec?.[field.replace('spec.', '')];
  return value === undefined ? undefined : String(value);
}

/** The JSON merge patch that writes a value there, or takes it away; refused when the object has changed since it was read. */
export function patchOf(object: Edited, { kind, field }: FaultEdit, value: string | undefined): object {
  const { resourceVersion } = object.metadata;
  const [path, container, name] = field.split(' ');
  if (kind === 'Deployment' && path === 'env') {
    const { containers } = (object as Deployment).spec!.template.spec!;
    const changed = containers.map((each) => {
      if (each.name !== container) return each;
      const env = each.env ?? [];
      if (value === undefined) return { ...each, env: env.filter((one) => one.name !== name) };
      const isThere = env.some((one) => one.name === name);
      const written = { name: name!, value };
      return { ...each, env: isThere ? env.map((one) => (one.name === name ? written : one)) : [...env, written] };
    });
    return { metadata: { resourceVersion }, spec: { template: { spec: { containers: changed } } } };
  }
  const json = value === undefined ? null : (JSON.parse(value) as unknown);
  return { metadata: { resourceVersion }, spec: { [field.replace('spec.', '')]: json } };
}

function variable({ spec }: Deployment, container: string, name: string) {
  const found = spec?.template.spec?.containers.find((each) => each.name === container);
  return found?.env?.find((each) => each.name === name);
}
