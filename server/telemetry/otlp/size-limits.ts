import type { Type } from 'protobufjs';
import { OtlpError } from './otlp-error.ts';

/** Of one request: what a decoded message takes is bounded by how many there are, as two bytes make one. */
const MAX_MESSAGES = 60_000;
/** Brackets and commas of one JSON request: every value stands behind one. */
const MAX_JSON_VALUES = 60_000;

let left = 0;

/** Makes the decoder of each type count what it decodes. A batch of 512 spans, which is what
 * SDKs send, has 11 000 with ten attributes each. Three times as much took a receiver to 2.4 times its memory at rest. */
export function countMessages(types: Type[]): void {
  for (const type of types) {
    const decode = type.setup().decode;
    type.decode = function (this: Type, ...rest: Parameters<Type['decode']>) {
      if (--left < 0) throw tooMany();
      return decode.apply(this, rest);
    };
  }
}

/** Decodes a request whole. @throws OtlpError `body-too-large` */
export function decodeBounded(type: Type, bytes: Uint8Array): unknown {
  left = MAX_MESSAGES;
  return type.decode(bytes);
}

/** @throws OtlpError `body-too-large`. Those inside strings count too: it is a bound, no parser. */
export function boundJson(bytes: Uint8Array): void {
  let values = 0;
  for (const byte of bytes) if (byte === 0x2c || byte === 0x7b || byte === 0x5b) values++;
  if (values > MAX_JSON_VALUES) throw tooMany();
}

function tooMany(): OtlpError {
  return new OtlpError('body-too-large', 413, 'The request has too many parts; send smaller batches.');
}
