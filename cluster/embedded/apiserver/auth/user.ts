/** Who makes a request, as authentication.k8s.io/v1 has it. */
export interface UserInfo {
  username: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

/** May do everything, whatever the roles say. */
export const MASTERS = 'system:masters';
export const AUTHENTICATED = 'system:authenticated';

/** Who has the token of the kubeconfig. */
export const admin: UserInfo = { username: 'system:admin', groups: [MASTERS, AUTHENTICATED] };

/** Who says nothing of who they are. */
export const anonymous: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The API server itself. */
export const apiServer: UserInfo = { username: 'system:apiserver', groups: [MASTERS, AUTHENTICATED] };

const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** The groups that a user name of the cluster's own parts is in, by its form: nodes and service accounts have theirs. */
export function userOf(username: string): UserInfo {
  const groups: string[] = [];
  if (username.startsWith(SERVICE_ACCOUNT)) {
    const [namespace] = username.slice(SERVICE_ACCOUNT.length).split(':');
    groups.push('system:serviceaccounts', `system:serviceaccounts:${namespace}`);
  } else if (username.startsWith('system:node:')) groups.push('system:nodes');
  return { username, groups: [...groups, AUTHENTICATED] };
}
