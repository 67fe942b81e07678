import { isIP } from 'node:net';
import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { EndpointSlice } from './types.ts';

export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  namespaced: true,
  model: 'V1EndpointSlice',
  names: 'subdomain',
  status: false,
  generation: true,
  columns: [
    nameColumn,
    column('AddressType', ({ addressType }) => addressType),
    column('Ports', ({ ports }) => shorten((ports ?? []).map(({ port }) => String(port ?? '*'))) || '<unset>'),
    column(
      'Endpoints',
      ({ endpoints }) => shorten((endpoints ?? []).flatMap(({ addresses }) => addresses)) || '<unset>',
    ),
    ageColumn,
  ],

  defaults(draft) {
    draft.endpoints ??= [];
    for (const port of draft.ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },

  validate({ addressType, endpoints, ports }, errors) {
    if (!addressType) errors.required('addressType');
    else errors.oneOf('addressType', addressType, ['FQDN', 'IPv4', 'IPv6']);
    const version = { IPv4: 4, IPv6: 6 }[addressType];
    for (const [index, endpoint] of (endpoints ?? []).entries()) {
      const path = `endpoints[${index}].addresses`;
      if (!endpoint.addresses?.length) errors.required(path, 'must contain at least 1 address');
      for (const [position, address] of (endpoint.addresses ?? []).entries()) {
        if (version && isIP(address) !== version) {
          errors.invalid(`${path}[${position}]`, address, `must be a valid ${addressType} address`);
        }
      }
    }
    for (const [index, { port, protocol }] of (ports ?? []).entries()) {
      errors.range(`ports[${index}].port`, port, 1, 65535);
      errors.oneOf(`ports[${index}].protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
    }
  },

  validateUpdate({ addressType }, old, errors) {
    if (addressType !== old.addressType) errors.invalid('addressType', addressType, 'field is immutable');
  },
});

/** `a,b,c + 2 more...` */
function shorten(items: string[]): string {
  const more = items.length - 3;
  return items.slice(0, 3).join(',') + (more > 0 ? ` + ${more} more...` : '');
}
