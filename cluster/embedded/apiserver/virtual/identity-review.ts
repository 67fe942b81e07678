import { badRequest } from '../api-error.ts';
import { review } from './review.ts';

const GROUP = 'authentication.k8s.io';

/** `kubectl auth whoami`: who the caller is. */
export const selfSubjectReview = review(GROUP, 'SelfSubjectReview', ({ user }) => ({ userInfo: user }));

/** Whose a token is, as a service asks that is given one. */
export const tokenReview = review(GROUP, 'TokenReview', async ({ server }, spec) => {
  const { token = '', audiences } = spec as { token?: string; audiences?: string[] };
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const user = await server.tokens.authenticate(token, audiences);
  if (!user) return { user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user, ...(audiences && { audiences }) };
});
