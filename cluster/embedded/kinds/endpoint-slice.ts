import { isIP } from 'node:net';
import { ageColumn, column, nameColumn, shorten } from './columns.ts';
import { defineKind } from './kind.ts';
import { addressProblem } from './names.ts';
import type { EndpointSlice } from './types.ts';

/** Names the Service that a slice belongs to. */
export const serviceNameLabel = 'kubernetes.io/service-name';

export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  namespaced: true,
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

  validate({ addressType, endpoints, ports = [] }, errors) {
    for (const [index, { name }] of ports.entries()) {
      if (ports.findIndex((other) => other.name === name) < index) errors.duplicate(`ports[${index}].name`, name);
    }
    const version = { IPv4: 4, IPv6: 6 }[addressType];
    for (const [index, endpoint] of (endpoints ?? []).entries()) {
      const path = `endpoints[${index}].addresses`;
      for (const [position, address] of (endpoint.addresses ?? []).entries()) {
        if (version && !isIP(address)) errors.invalid(`${path}[${position}]`, address, addressProblem(address)!);
        else if (version && isIP(address) !== version) {
          errors.invalid(`${path}[${position}]`, address, `must be a valid ${addressType} address`);
        } else if (/^(127\.|::1$)/.test(address)) {
          errors.invalid(`${path}[${position}]`, address, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
        }
      }
    }
  },

  validateUpdate: ({ addressType }, old, errors) => errors.immutable('addressType', addressType, old.addressType),
});
