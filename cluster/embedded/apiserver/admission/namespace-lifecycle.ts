import { badRequest, forbidden, notFound } from '../api-error.ts';
import type { AdmissionPlugin } from './admission.ts';

/** Nothing new goes into a namespace that is not there or on its way out. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit({ metadata: { name, namespace } }, { operation, kind }, registry) {
    if (operation !== 'CREATE') return;
    if (!kind.namespaced) {
      if (namespace) throw badRequest(`${kind.plural} live in no namespace; "${namespace}" was given`);
      return;
    }
    if (!namespace) throw badRequest(`${kind.plural} live in a namespace; none was given for "${name}"`);
    const namespaces = registry.kind('Namespace');
    const home = namespaces.find(namespace);
    if (!home) throw notFound(namespaces.name, namespace);
    if (!home.metadata.deletionTimestamp) return;
    const message = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const cause = {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    };
    throw forbidden({ group: kind.group, plural: kind.plural }, name, message, [cause]);
  },
};
