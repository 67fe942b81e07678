import { ApiError } from '../api-error.ts';

/** How a client wants objects: in which form, and in which encoding. */
export interface Representation {
  as: 'object' | 'Table' | 'PartialObjectMetadata';
  format: 'json' | 'yaml';
}

export interface MediaType {
  type: string;
  parameters: Record<string, string>;
}

/** The media types of an Accept or Content-Type header, in the order given. */
export function parseMediaTypes(header: string | undefined): MediaType[] {
  return (header ?? '').split(',').map((entry) => {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim());
    return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters.map(pair)) };
  });
}

function pair(parameter: string): [string, string] {
  const equals = parameter.indexOf('=');
  return equals === -1 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
}

const formats: Record<string, Representation['format']> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
  '': 'json',
};

/**
 * The first of the accepted representations that we have.
 *
 * @throws ApiError NotAcceptable
 */
export function negotiate(accept: string | undefined): Representation {
  for (const { type, parameters } of parseMediaTypes(accept)) {
    const format = Object.hasOwn(formats, type) ? formats[type] : undefined;
    if (!format) continue;
    const { as, g: group, v: version } = parameters;
    if (!as) return { as: 'object', format };
    if (group !== 'meta.k8s.io' || version !== 'v1' || format !== 'json') continue;
    if (as === 'Table') return { as, format };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { as: 'PartialObjectMetadata', format };
  }
  throw new ApiError(
    'NotAcceptable',
    `only the following media types are accepted: application/json, application/yaml; the request accepts "${accept}"`,
  );
}
