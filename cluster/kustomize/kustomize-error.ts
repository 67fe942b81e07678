/** What is wrong with a kustomization: the message says where, and what to do. */
export class KustomizeError extends Error {
  readonly code:
    | 'not-found'
    | 'outside-root'
    | 'malformed'
    | 'unknown-field'
    | 'unsupported'
    | 'cycle'
    | 'duplicate-resource'
    | 'no-match'
    | 'bad-patch'
    | 'bad-generator';

  constructor(code: KustomizeError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KustomizeError';
    this.code = code;
  }
}
