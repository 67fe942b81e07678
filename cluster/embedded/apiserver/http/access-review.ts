import type { IncomingMessage, ServerResponse } from 'node:http';
import { decode, SchemaError } from '../../kinds/schema/schema.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { readObject } from './body.ts';
import { send } from './respond.ts';
import type { Target } from './target.ts';

const everything = ['*'];

/** Kinds of authorization.k8s.io/v1 by which a caller asks what it may do, with the answer: the token opens everything. */
const reviews: Record<string, { kind: string; status: object }> = {
  selfsubjectaccessreviews: {
    kind: 'SelfSubjectAccessReview',
    status: { allowed: true, reason: 'the one token of this cluster may do everything' },
  },
  selfsubjectrulesreviews: {
    kind: 'SelfSubjectRulesReview',
    status: {
      resourceRules: [{ verbs: everything, apiGroups: everything, resources: everything }],
      nonResourceRules: [{ verbs: everything, nonResourceURLs: everything }],
      incomplete: false,
    },
  },
};

export function isAccessReview({ group, version, plural }: Target): boolean {
  return group === 'authorization.k8s.io' && version === 'v1' && Object.hasOwn(reviews, plural);
}

/** POST of a review, as `kubectl auth can-i` does. */
export async function reviewAccess(req: IncomingMessage, res: ServerResponse, { plural }: Target): Promise<void> {
  const { kind, status } = reviews[plural]!;
  if (req.method !== 'POST') throw new ApiError('MethodNotAllowed', `a ${kind} can only be created`);
  const model = `V1${kind}`;
  try {
    const { spec } = decode(await readObject(req, model), model).value as { spec?: object };
    send({ res, warnings: [] }, 201, {
      kind,
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: spec ?? {},
      status,
    });
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw badRequest(`${kind} in version "v1" cannot be handled as a ${kind}: ${cause.message}`, { cause });
  }
}
