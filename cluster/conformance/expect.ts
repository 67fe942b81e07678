import assert from 'node:assert/strict';
import type { Answer, Json } from './api.ts';

/** The body of an answer that has to be 200 or 201. */
export function ok({ status, body, text }: Answer): Json {
  assert.ok(status === 200 || status === 201, `answered with ${status}: ${text}`);
  return body;
}

/** The Status of a refusal, which has this code and reason. */
export function refused({ status, body, text }: Answer, code: number, reason: string): Json {
  assert.equal(status, code, text);
  assert.equal(body?.kind, 'Status', text);
  assert.equal(body.status, 'Failure');
  assert.equal(body.code, code);
  assert.equal(body.reason, reason, text);
  return body;
}

/** Refused as invalid, with a cause that names the field. */
export function invalid(answer: Answer, field: string): void {
  const { details } = refused(answer, 422, 'Invalid');
  const fields = details.causes.map((cause: Json) => cause.field);
  assert.ok(fields.includes(field), `the causes name ${fields.join(', ')}, not ${field}`);
}
