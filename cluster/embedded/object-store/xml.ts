import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod/v3';
import { S3Error } from './s3-error.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: false });
/** Values stay text: an ETag of digits is none the less an ETag. Entities of a document's own are not looked at. */
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

/** A document with one root element. Arrays are repeated elements; what is undefined is left out. */
export function xmlDocument(root: string, content: object, attributes: object = { '@xmlns': namespace }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...attributes, ...content } })}`;
}

/**
 * The content of a document's root element in the shape of `schema`.
 *
 * @throws S3Error MalformedXML
 */
export function readXml<T>(root: string, text: string, schema: z.ZodType<T, z.ZodTypeDef, unknown>): T {
  const malformed = (why: string) =>
    new S3Error('MalformedXML', `The XML you provided was not well-formed or did not fit: ${why}`);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw malformed(valid.err.msg);
  if (text.includes('<!DOCTYPE')) throw malformed('it has a DOCTYPE.');
  const document = z.object({ [root]: z.unknown() }).safeParse(parser.parse(text));
  const content = document.success ? document.data[root] : undefined;
  if (content === undefined) throw malformed(`its root is not ${root}.`);
  const result = schema.safeParse(content === '' ? {} : content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw malformed(`${issue?.path.join('.') ?? root}: ${issue?.message ?? ''}`);
}

/** An element that may be there several times, once or never; `most` bounds how often. */
export function listOf<T extends z.ZodTypeAny>(item: T, most = 1_000) {
  const list = (value: unknown) => (value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value]);
  return z.preprocess(list, z.array(item).max(most));
}
