import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import type { V1TokenRequestSpec } from '@kubernetes/client-node';
import { timestamp } from '../../kinds/timestamp.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { badRequest, conflict, invalid, notFound } from '../api-error.ts';
import type { Registry } from '../registry/registry.ts';
import { userOf, type UserInfo } from './user.ts';

/** Who issues the tokens, and whom they are for unless they say otherwise: this API. */
const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const ALGORITHM = 'ES256';
const HOUR = 3600;
const SHORTEST = 600;
const LONGEST = 2 ** 32;

/** The spec of a TokenRequest; what it is bound to is what the token lives no longer than. */
export type TokenSpec = Partial<V1TokenRequestSpec>;

export interface IssuedToken {
  spec: Required<Pick<TokenSpec, 'audiences' | 'expirationSeconds'>> & TokenSpec;
  status: { token: string; expirationTimestamp: string };
}

interface Reference {
  name: string;
  uid: string;
}

/** The claim `kubernetes.io` of a token. */
interface Claims {
  namespace: string;
  serviceaccount: Reference;
  pod?: Reference;
  secret?: Reference;
}

/** Tokens of service accounts: JWTs as kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin describes them. */
export class ServiceAccountTokens {
  readonly #registry: Registry;
  readonly #key: KeyObject;

  constructor(registry: Registry, key: KeyObject) {
    this.#registry = registry;
    this.#key = key;
  }

  /** @throws ApiError NotFound, Invalid, Conflict, BadRequest */
  async issue(name: string, namespace: string, spec: TokenSpec): Promise<IssuedToken> {
    const { SignJWT } = await import('jose');
    const { metadata } = this.#registry.kind('ServiceAccount').get(name, namespace);
    const { expirationSeconds = HOUR } = spec;
    const audiences = spec.audiences?.length ? spec.audiences : [ISSUER];
    if (expirationSeconds < SHORTEST || expirationSeconds > LONGEST) {
      const bound = expirationSeconds < SHORTEST ? 'less than 10 minutes' : 'larger than 2^32 seconds';
      const message = `Invalid value: ${expirationSeconds}: may not specify a duration ${bound}`;
      const cause = { reason: 'FieldValueInvalid', field: 'spec.expirationSeconds', message };
      throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [cause]);
    }
    const claims: Claims = { namespace, serviceaccount: { name, uid: metadata.uid! }, ...this.#bound(spec, namespace) };
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ 'kubernetes.io': claims })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setSubject(`system:serviceaccount:${namespace}:${name}`)
      .setAudience(audiences)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + expirationSeconds)
      .sign(this.#key);
    const expirationTimestamp = timestamp((now + expirationSeconds) * 1000);
    return { spec: { ...spec, audiences, expirationSeconds }, status: { token, expirationTimestamp } };
  }

  /** Whose token this is, for one of the audiences; null for any that is none of ours, no longer good, or of somebody who is gone. */
  async authenticate(token: string, audiences = [ISSUER]): Promise<UserInfo | null> {
    const { jwtVerify, errors } = await import('jose');
    try {
      const rules = { issuer: ISSUER, audience: audiences, algorithms: [ALGORITHM] };
      const { payload } = await jwtVerify(token, createPublicKey(this.#key), rules);
      const { namespace, serviceaccount, pod, secret } = payload['kubernetes.io'] as Claims;
      const alive =
        this.#isThere('ServiceAccount', serviceaccount, namespace) &&
        (!pod || this.#isThere('Pod', pod, namespace)) &&
        (!secret || this.#isThere('Secret', secret, namespace));
      if (!alive) return null;
      const extra = {
        'authentication.kubernetes.io/credential-id': [`JTI=${payload.jti}`],
        ...(pod && {
          'authentication.kubernetes.io/pod-name': [pod.name],
          'authentication.kubernetes.io/pod-uid': [pod.uid],
        }),
      };
      return { ...userOf(payload.sub!), uid: serviceaccount.uid, extra };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  /** The claim of what a token is bound to. */
  #bound({ boundObjectRef: reference }: TokenSpec, namespace: string): Pick<Claims, 'pod' | 'secret'> {
    if (!reference) return {};
    const { kind, name = '', uid } = reference;
    if (kind !== 'Pod' && kind !== 'Secret') throw badRequest(`cannot bind token for object of type ${kind}`);
    const storage = this.#registry.kind(kind);
    const object = storage.find(name, namespace);
    if (!object) throw notFound(storage.name, name);
    if (uid && uid !== object.metadata.uid) {
      const message = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
      throw conflict(storage.name, name, message);
    }
    return { [kind === 'Pod' ? 'pod' : 'secret']: { name, uid: object.metadata.uid! } };
  }

  #isThere(kind: string, { name, uid }: Reference, namespace: string): boolean {
    const object: KubeObject | undefined = this.#registry.kind(kind).find(name, namespace);
    return object?.metadata.uid === uid;
  }
}
