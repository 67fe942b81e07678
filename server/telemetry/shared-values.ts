/**
 * Equal values kept once. Names and lists of services repeat in every trace, but each decoded message brings strings of its
 * own. Bounded: beyond the limit values pass through unshared.
 */
export class SharedValues<T extends string | readonly string[]> {
  readonly #values = new Map<string, T>();
  readonly #limit: number;

  constructor(limit = 2048) {
    this.#limit = limit;
  }

  share(value: T): T {
    const key = typeof value === 'string' ? value : value.join(' ');
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#values.size < this.#limit) this.#values.set(key, value);
    return value;
  }
}
