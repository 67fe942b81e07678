import { isOver, type FaultEdit } from '../fault-object.ts';
import { patchOf, valueIn } from './edited-field.ts';
import type { Surroundings } from './driver.ts';

/** So often an edit is tried again that meets a change by somebody else. */
const tries = 5;

/**
 * Changes that faults make to objects through the Kubernetes API, as somebody would by hand. Each is noted in the status of its Fault
 * before it is made, so that whoever comes after a restart can put it back; and only what still stands as it was left is put back.
 */
export class Edits {
  readonly #surroundings: Pick<Surroundings, 'api' | 'note'>;
  /** By fault; what a Fault says itself is read when it is not here. */
  readonly #made = new Map<string, FaultEdit[]>();

  constructor(surroundings: Pick<Surroundings, 'api' | 'note'>) {
    this.#surroundings = surroundings;
  }

  /** What a fault has changed; empty before it has. */
  async of(id: string): Promise<FaultEdit[]> {
    const known = this.#made.get(id);
    if (known) return known;
    const { items } = await this.#surroundings.api.list('Fault');
    const noted = items.find(({ metadata }) => metadata.uid === id)?.status?.edits ?? [];
    if (noted.length > 0) this.#made.set(id, noted);
    return noted;
  }

  /** @throws Error when another fault has changed the same field: which of the two would put it back? */
  async make(id: string, edits: FaultEdit[]): Promise<void> {
    const others = (await this.#surroundings.api.list('Fault')).items.filter(
      ({ metadata, status }) => metadata.uid !== id && !isOver(status?.phase),
    );
    for (const { metadata, status } of others) {
      const taken = status?.edits?.find((one) => !one.undone && edits.some((edit) => placeOf(edit) === placeOf(one)));
      if (taken) throw new Error(`the fault ${metadata.name} has changed ${taken.field} of ${taken.name} already`);
    }
    this.#made.set(id, edits);
    await this.#surroundings.note(id, edits);
    for (const edit of edits) await this.#write(edit, edit.after, edit.before);
  }

  /** Notes which of them somebody else has undone since. */
  async look(id: string): Promise<void> {
    const before = await this.of(id);
    const now = await Promise.all(
      before.map(async (edit) => (edit.undone || (await this.#stands(edit)) ? edit : { ...edit, undone: true })),
    );
    if (now.every((edit, index) => edit === before[index])) return;
    this.#made.set(id, now);
    await this.#surroundings.note(id, now);
  }

  /** Puts back what still stands. Answers which objects could not be written. */
  async revert(id: string): Promise<string[]> {
    await this.look(id);
    const failed: string[] = [];
    for (const edit of (await this.of(id)).toReversed()) {
      if (edit.undone) continue;
      await this.#write(edit, edit.before, edit.after).catch((error: Error) => {
        failed.push(`${edit.kind} ${edit.name} (${error.message})`);
      });
    }
    if (failed.length === 0) this.#made.delete(id);
    return failed;
  }

  /** The faults of which something stands, by what the objects themselves say. */
  async acting(): Promise<string[]> {
    const all = new Map(this.#made);
    for (const { metadata, status } of (await this.#surroundings.api.list('Fault')).items) {
      if (status?.edits && !isOver(status.phase)) all.set(metadata.uid!, status.edits);
    }
    const standing = await Promise.all(
      [...all].map(async ([id, edits]) => {
        const each = await Promise.all(edits.map(async (edit) => !edit.undone && (await this.#stands(edit))));
        return each.includes(true) ? [id] : [];
      }),
    );
    return standing.flat();
  }

  async #stands(edit: FaultEdit): Promise<boolean> {
    const object = await this.#find(edit);
    return object !== undefined && valueIn(object, edit) === edit.after;
  }

  async #find({ kind, name, namespace }: FaultEdit) {
    const { items } = await this.#surroundings.api.list(kind, { ...(namespace && { namespace }) });
    return items.find(({ metadata }) => metadata.name === name);
  }

  /** Writes a value where another one stands; what is gone, or says something else by now, is left alone. */
  async #write(edit: FaultEdit, value: string | undefined, expected: string | undefined): Promise<void> {
    for (let left = tries; ; left--) {
      const object = await this.#find(edit);
      if (!object || valueIn(object, edit) !== expected) return;
      try {
        await this.#surroundings.api.patch(edit.kind, edit.name, edit.namespace, patchOf(object, edit, value));
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== 'Conflict' || left <= 1) throw error;
      }
    }
  }
}

function placeOf({ kind, namespace = '', name, field }: FaultEdit): string {
  return [kind, namespace, name, field].join('\n');
}
