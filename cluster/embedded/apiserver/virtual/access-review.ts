import type { V1SubjectAccessReviewSpec } from '@kubernetes/client-node';
import { badRequest, invalid } from '../api-error.ts';
import type { Attributes } from '../auth/authorizer.ts';
import type { UserInfo } from '../auth/user.ts';
import type { ApiRequest } from '../http/request.ts';
import { review } from './review.ts';

const GROUP = 'authorization.k8s.io';

/** `kubectl auth can-i`: whether the caller may do one thing. */
export const selfSubjectAccessReview = review(GROUP, 'SelfSubjectAccessReview', (request, spec) =>
  decide(request, request.user, spec),
);

/** Whether somebody else may do one thing. */
export const subjectAccessReview = review(GROUP, 'SubjectAccessReview', (request, spec) => {
  const { user = '', groups = [] } = spec as V1SubjectAccessReviewSpec;
  if (!user && groups.length === 0) refuse('user', '', 'at least one of user or group must be specified');
  return decide(request, { username: user, groups }, spec);
});

/** `kubectl auth can-i --list`: all that the caller may do in a namespace. */
export const selfSubjectRulesReview = review(GROUP, 'SelfSubjectRulesReview', ({ user, server }, spec) => {
  const { namespace } = spec as { namespace?: string };
  if (!namespace) throw badRequest('no namespace on request');
  const rules = server.authorizer.rules(user, namespace);
  return {
    resourceRules: rules.filter(({ nonResourceURLs }) => !nonResourceURLs?.length),
    nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs?.length),
    incomplete: false,
  };
});

function decide({ server }: ApiRequest, user: UserInfo, spec: object): object {
  const { resourceAttributes, nonResourceAttributes } = spec as V1SubjectAccessReviewSpec;
  if (Boolean(resourceAttributes) === Boolean(nonResourceAttributes)) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    refuse('resourceAttributes', resourceAttributes ?? null, detail);
  }
  const attributes: Attributes = nonResourceAttributes
    ? { verb: '', path: '', ...nonResourceAttributes }
    : { verb: '', group: '', resource: '', ...resourceAttributes };
  const { allowed, reason } = server.authorizer.decide(user, attributes);
  return { allowed, ...(reason && { reason }) };
}

function refuse(field: string, value: unknown, detail: string): never {
  const message = `Invalid value: ${JSON.stringify(value)}: ${detail}`;
  throw invalid({ group: GROUP, kind: '' }, '', [{ reason: 'FieldValueInvalid', field: `spec.${field}`, message }]);
}
