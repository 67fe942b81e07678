import type { Type } from 'protobufjs';
import { OtlpError } from './otlp-error.ts';

/** Of one request: what a decoded message takes is bounded by how many there are, as two bytes make one. */
const MAX_MESSAGES = 60_000;
/** Brackets and commas of one JSON request: every value stands behind one. */
const MAX_JSON_VALUES = 60_000;
/** Brackets within brackets. An attribute stands within ten; protobufjs goes down 100 messages, which are 200 brackets. */
const MAX_JSON_DEPTH = 200;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [BRACE, CLOSING_BRACE, BRACKET, CLOSING_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

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

/**
 * Counts the values of a JSON request and how deep they stand in each other, before anything is made of them: a parser that
 * calls itself would end where the stack happens to end.
 *
 * @throws OtlpError `malformed-json` for what is nested too deep, `body-too-large`; whichever comes first in the text
 */
export function boundJson(bytes: Uint8Array): void {
  let values = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) {
      if (byte === BACKSLASH) at++;
    } else if (byte === COMMA || byte === BRACE || byte === BRACKET) {
      if (++values > MAX_JSON_VALUES) throw tooMany();
      if (byte !== COMMA && ++depth > MAX_JSON_DEPTH) throw tooDeep();
    } else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth--;
  }
}

function tooMany(): OtlpError {
  return new OtlpError('body-too-large', 413, 'The request has too many parts; send smaller batches.');
}

function tooDeep(): OtlpError {
  return new OtlpError('malformed-json', 400, `The body is nested deeper than ${MAX_JSON_DEPTH} brackets.`);
}
