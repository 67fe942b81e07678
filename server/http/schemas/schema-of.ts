import type { z } from '@hono/zod-openapi';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/**
 * Holds a schema equal to a contract type, by the compiler: `schemaOf<Pattern>()(z.object({ … }))` does not type-check
 * when either knows a field that the other does not.
 */
export function schemaOf<T>(): <S extends z.ZodType>(schema: Same<z.output<S>, T> extends true ? S : never) => S {
  return (schema) => schema;
}
