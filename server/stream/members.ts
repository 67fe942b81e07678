import type { Frame } from '../contract/frame.ts';

type Members = Omit<Frame, 'time' | 'signals' | 'lab'>;
type Name = keyof Members;

/** Tells which members of a frame changed since it was asked last. */
export class MemberChanges {
  readonly #sent = new Map<Name, string>();

  /** The changed ones; all of them the first time. */
  since(members: Members): Partial<Members> {
    const changed: Partial<Members> = {};
    for (const name of Object.keys(members) as Name[]) {
      const text = JSON.stringify(members[name]);
      if (this.#sent.get(name) === text) continue;
      this.#sent.set(name, text);
      Object.assign(changed, { [name]: members[name] });
    }
    return changed;
  }
}
