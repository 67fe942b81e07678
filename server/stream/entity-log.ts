import type { Changes } from '../contract/stream.ts';
import { entitiesOf, memberOf, type State } from './entities.ts';
import { rounded } from './rounded.ts';

interface Field {
  text: string;
  value: unknown;
  /** Number of the update that changed it. */
  at: number;
}

interface Entity {
  member: string;
  /** Null where it is not an object: it is only ever replaced. */
  fields: Map<string, Field> | null;
  value: unknown;
  text: string;
  /** Number of the update that made it, or gave it other fields. */
  madeAt: number;
  changedAt: number;
}

type Difference = Pick<Changes, 'lists' | 'set' | 'merge'>;

/**
 * The state as entities, and when each of their fields changed last. Whoever was last told at update n is told what changed
 * after n, as it is now: a reader costs one number, however slow it is, and what it missed is merged.
 */
export class EntityLog {
  readonly #entities = new Map<string, Entity>();
  readonly #lists = new Map<string, { member: string; ids: string[]; text: string; at: number }>();
  #number = 0;
  #lastChange = 0;

  /** Number of the last update; 0 before the first. */
  get number(): number {
    return this.#number;
  }

  /** Number of the last update that brought anything new. */
  get lastChange(): number {
    return this.#lastChange;
  }

  update(state: State): void {
    const now = ++this.#number;
    const { lists, values } = entitiesOf(state);
    for (const [path, ids] of lists) {
      const text = JSON.stringify(ids);
      if (this.#lists.get(path)?.text === text) continue;
      this.#lists.set(path, { member: memberOf(path), ids, text, at: now });
      this.#lastChange = now;
    }
    for (const key of this.#entities.keys()) if (!values.has(key)) this.#entities.delete(key);
    for (const [key, value] of values) {
      const entity = compare(this.#entities.get(key), key, value, now);
      this.#entities.set(key, entity);
      this.#lastChange = Math.max(this.#lastChange, entity.changedAt);
    }
  }

  /** What changed after that update, of these members; all there is of them after 0. */
  since(number: number, members: readonly string[]): Difference {
    const lists: [string, string[]][] = [];
    const set: [string, unknown][] = [];
    const merge: [string, Record<string, unknown>][] = [];
    for (const [path, { member, ids, at }] of this.#lists)
      if (at > number && members.includes(member)) lists.push([path, ids]);
    for (const [key, { member, fields, value, madeAt, changedAt }] of this.#entities) {
      if (changedAt <= number || !members.includes(member)) continue;
      if (madeAt > number || !fields) set.push([key, value]);
      else merge.push([key, Object.fromEntries(newer(fields, number))]);
    }
    return {
      ...(lists.length > 0 && { lists: Object.fromEntries(lists) }),
      ...(set.length > 0 && { set: Object.fromEntries(set) }),
      ...(merge.length > 0 && { merge: Object.fromEntries(merge) }),
    };
  }
}

function newer(fields: Map<string, Field>, number: number): [string, unknown][] {
  return [...fields].filter(([, { at }]) => at > number).map(([name, { value }]) => [name, value]);
}

/** The entity as it is now. What did not change keeps its number. */
function compare(before: Entity | undefined, key: string, given: unknown, now: number): Entity {
  const value = rounded(given);
  const text = JSON.stringify(value);
  if (before?.text === text) return before;
  const member = memberOf(key);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { member, fields: null, value, text, madeAt: now, changedAt: now };
  // A field that JSON leaves out is not there.
  const named = Object.entries(value).filter(([, part]) => part !== undefined);
  const sameFields = before?.fields?.size === named.length && named.every(([name]) => before.fields!.has(name));
  const fields = new Map(
    named.map(([name, part]): [string, Field] => {
      const known = before?.fields?.get(name);
      const partText = JSON.stringify(part);
      return [name, sameFields && known?.text === partText ? known : { text: partText, value: part, at: now }];
    }),
  );
  return { member, fields, value, text, madeAt: sameFields ? before!.madeAt : now, changedAt: now };
}
