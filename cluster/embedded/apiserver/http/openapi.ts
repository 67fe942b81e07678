import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { openApiSchemas } from '../../kinds/schema/open-api.ts';
import { patchTypes } from './patch.ts';
import type { Registry } from '../registry/registry.ts';

/** OpenAPI v3 as far as kubectl needs it: which kinds can be patched with fieldValidation, to apply; schemas, to explain. */
export class OpenApi {
  readonly #registry: Registry;
  /** By path, once they were asked for: kubectl does before every apply. */
  readonly #documents = new Map<string, object>();

  constructor(registry: Registry) {
    this.#registry = registry;
    registry.watch((row) => {
      const forget = () => void this.#documents.delete(`/openapi/v3/${rootOf(row)}`);
      forget();
      return forget;
    });
  }

  /** The document at a path below /openapi/v3; undefined when there is none. */
  answer(path: string): object | undefined {
    if (path === '/openapi/v3') {
      const paths = [...new Set(this.#registry.rows.map(rootOf))].map((root) => [
        root,
        { serverRelativeURL: `/openapi/v3/${root}` },
      ]);
      return { paths: Object.fromEntries(paths) };
    }
    const known = this.#documents.get(path);
    if (known) return known;
    const root = path.slice('/openapi/v3/'.length);
    const rows = this.#registry.rows.filter((row) => rootOf(row) === root);
    const kinds = rows.flatMap(({ storage }) => storage?.kind ?? []);
    if (rows.length === 0) return undefined;
    const paths = kinds.map((kind) => {
      const namespace = kind.namespaced ? 'namespaces/{namespace}/' : '';
      return [`/${root}/${namespace}${kind.plural}/{name}`, { patch: patchOperation(kind) }];
    });
    const document = {
      openapi: '3.0.0',
      info: { title: 'Breakwater', version: apiVersionOf(rows[0]!) },
      paths: Object.fromEntries(paths),
      components: { schemas: openApiSchemas(kinds) },
    };
    this.#documents.set(path, document);
    return document;
  }
}

function rootOf(row: { group: string; version: string }): string {
  return `${row.group ? 'apis' : 'api'}/${apiVersionOf(row)}`;
}

/** kubectl looks here for a kind's schema and for which kinds of patch it takes. */
function patchOperation(served: Kind): object {
  const { group, version, kind } = served;
  const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
  return {
    operationId: `patch${kind}`,
    parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter),
    requestBody: { content: Object.fromEntries(patchTypes(served).map((type) => [type, {}])) },
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}
