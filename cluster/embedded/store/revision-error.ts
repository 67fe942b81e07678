/** What a write was made of is not what is there: another object has the key, it was written since, or is gone. */
export class RevisionError extends Error {
  readonly code: 'KeyExists' | 'RevisionMismatch' | 'KeyNotFound';

  /** @param key `namespace/name` */
  constructor(code: RevisionError['code'], key: string) {
    super(`${key}: ${code}`);
    this.name = 'RevisionError';
    this.code = code;
  }
}
