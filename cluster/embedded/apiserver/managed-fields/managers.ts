import { isDeepStrictEqual } from 'node:util';
import type { ObjectMeta } from '../../kinds/types.ts';
import { difference, isEmpty, type Fields } from './fields.ts';

type Entry = NonNullable<ObjectMeta['managedFields']>[number];

/** Who wrote, and how: each combination has fields of its own. */
export interface Manager {
  name: string;
  operation: 'Apply' | 'Update';
  subresource?: string;
}

interface Managed extends Manager {
  apiVersion: string;
  /** RFC 3339; of the last change of the fields. */
  time: string;
  fields: Fields;
}

/** Who owns which fields of one object: metadata.managedFields, to read and to change. */
export class Managers {
  readonly #all: Managed[];

  constructor(all: Managed[]) {
    this.#all = all;
  }

  /** Entries without fields, or of another format than FieldsV1, say nothing. */
  static read(entries: Entry[] | undefined): Managers {
    const usable = (entries ?? []).filter(({ manager, fieldsV1 }) => manager && fieldsV1);
    return new Managers(
      usable.map(({ manager, operation, subresource, apiVersion = '', time = '', fieldsV1 }) => ({
        name: manager!,
        operation: operation === 'Apply' ? 'Apply' : 'Update',
        ...(subresource && { subresource }),
        apiVersion,
        time: String(time),
        fields: fieldsV1 as Fields,
      })),
    );
  }

  of(manager: Manager): Fields {
    return this.#all.find(same(manager))?.fields ?? {};
  }

  others(manager: Manager): Managed[] {
    return this.#all.filter((one) => !same(manager)(one));
  }

  /** With this manager owning just these fields. The time changes with the fields. */
  with(manager: Manager, fields: Fields, apiVersion: string, time: string): Managers {
    const before = this.#all.find(same(manager));
    const unchanged = before && isDeepStrictEqual(before.fields, fields);
    const after = { ...manager, apiVersion, time: unchanged ? before.time : time, fields };
    return new Managers([...this.others(manager), ...(isEmpty(fields) ? [] : [after])]);
  }

  /** With nobody but this manager owning any of these fields. */
  without(fields: Fields, except: Manager): Managers {
    const all = this.#all.map((one) => (same(except)(one) ? one : { ...one, fields: difference(one.fields, fields) }));
    return new Managers(all.filter((one) => !isEmpty(one.fields)));
  }

  /** As metadata has it: Apply before Update, then by time and name. */
  write(): Entry[] {
    const order = ({ operation, time, name, subresource = '' }: Managed) =>
      `${operation} ${operation === 'Update' ? time : ''} ${name} ${subresource}`;
    return [...this.#all]
      .sort((a, b) => (order(a) < order(b) ? -1 : 1))
      .map(({ name, operation, apiVersion, time, fields, subresource }) => ({
        manager: name,
        operation,
        apiVersion,
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: fields,
        ...(subresource && { subresource }),
      }));
  }
}

function same(manager: Manager): (other: Manager) => boolean {
  return ({ name, operation, subresource }) =>
    name === manager.name && operation === manager.operation && subresource === manager.subresource;
}

/** As a conflict names it. */
export function managerText({ name, operation, subresource, apiVersion }: Managed): string {
  const where = subresource ? ` with subresource "${subresource}"` : '';
  const how = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `"${name}"${where}${how}`;
}
