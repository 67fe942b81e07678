import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { openApiSchemas } from '../../kinds/schema/open-api.ts';
import type { Registry } from '../registry/registry.ts';

/** OpenAPI v3 as far as kubectl needs it: which kinds can be patched with fieldValidation, to apply; schemas, to explain. */
export class OpenApi {
  readonly #kinds: Kind[];
  /** By path, once they were asked for: kubectl does before every apply. */
  readonly #documents = new Map<string, object>();

  constructor(registry: Registry) {
    this.#kinds = registry.resources.map(({ kind }) => kind);
  }

  /** The document at a path below /openapi/v3; undefined when there is none. */
  answer(path: string): object | undefined {
    if (path === '/openapi/v3') {
      const paths = [...new Set(this.#kinds.map(rootOf))].map((root) => [
        root,
        { serverRelativeURL: `/openapi/v3/${root}` },
      ]);
      return { paths: Object.fromEntries(paths) };
    }
    const known = this.#documents.get(path);
    if (known) return known;
    const root = path.slice('/openapi/v3/'.length);
    const kinds = this.#kinds.filter((kind) => rootOf(kind) === root);
    if (kinds.length === 0) return undefined;
    const paths = kinds.map((kind) => {
      const namespace = kind.namespaced ? 'namespaces/{namespace}/' : '';
      return [`/${root}/${namespace}${kind.plural}/{name}`, { patch: patchOperation(kind) }];
    });
    const document = {
      openapi: '3.0.0',
      info: { title: 'Breakwater', version: apiVersionOf(kinds[0]!) },
      paths: Object.fromEntries(paths),
      components: { schemas: openApiSchemas(kinds) },
    };
    this.#documents.set(path, document);
    return document;
  }
}

function rootOf(kind: Kind): string {
  return `${kind.group ? 'apis' : 'api'}/${apiVersionOf(kind)}`;
}

function patchOperation({ group, version, kind }: Kind): object {
  const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
  return {
    operationId: `patch${kind}`,
    parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter),
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}
