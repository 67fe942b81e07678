import protobuf from 'protobufjs/minimal.js';
import { kubernetesVersion } from '../../kinds/kubernetes-version.ts';
import { parseMediaTypes } from './media-types.ts';

/** How kubectl asks, with `@`, and how the answer is called. */
const V2_ACCEPTED = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/**
 * GET /openapi/v2, without a schema. kubectl reads it before it applies a `List`, and what it finds no schema for it leaves to
 * the server to check. In JSON, or in protobuf: the `Document` of gnostic, 1 swagger, 2 info { 1 title, 2 version }.
 */
export function openApiV2(accept: string | undefined): { type: string; body: string | Uint8Array } {
  const info = { title: 'Breakwater', version: kubernetesVersion };
  const wanted = parseMediaTypes(accept).map(({ type }) => type);
  if (!wanted.includes(V2_ACCEPTED) && !wanted.includes(V2_PROTOBUF)) {
    return { type: 'application/json', body: JSON.stringify({ swagger: '2.0', info, paths: {} }) };
  }
  const document = protobuf.Writer.create().uint32(10).string('2.0');
  document.uint32(18).fork().uint32(10).string(info.title).uint32(18).string(info.version).ldelim();
  return { type: V2_PROTOBUF, body: document.finish() };
}
