import { z } from '@hono/zod-openapi';
import { CodedError } from '../errors.ts';
import type { System } from '../system.ts';
import type { ScopeTelemetry } from '../telemetry/scope-telemetry.ts';

/** The parameter that routes about measurements have in common. */
export const scopeQuery = z
  .string()
  .max(253)
  .optional()
  .describe(
    '`service.namespace` of who sent it, else `k8s.namespace.name`, else `default`. Left out: the shop of this lab.',
  )
  .openapi({ example: 'shop' });

/** @throws CodedError `unknown-scope` */
export function scopeOf({ telemetry, scopes }: System, name: string | undefined): ScopeTelemetry {
  if (name === undefined) return telemetry;
  const scope = scopes.find(name);
  if (scope) return scope;
  throw new CodedError('unknown-scope', `Nothing was measured in "${name}"; there is ${scopes.scopes().join(', ')}.`);
}
