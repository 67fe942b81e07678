import type { DatabaseSync } from 'node:sqlite';
import type { BindingDefinition, ExchangeDefinition, QueueDefinition } from '../definitions.ts';

/** Durable exchanges, queues and bindings: each is on the disk when its call returns. */
export class DefinitionStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  exchanges(): ExchangeDefinition[] {
    return this.#read('select definition from exchange');
  }

  queues(): (QueueDefinition & { id: number })[] {
    return this.#read("select json_set(definition, '$.id', id) as definition from queue");
  }

  bindings(): BindingDefinition[] {
    return this.#read('select definition from binding');
  }

  saveExchange(exchange: ExchangeDefinition): void {
    this.#run('insert into exchange values (?, ?)', exchange.name, JSON.stringify(exchange));
  }

  removeExchange(name: string): void {
    this.#run('delete from exchange where name = ?', name);
  }

  saveQueue(id: number, queue: QueueDefinition): void {
    this.#run('insert into queue values (?, ?, ?)', id, queue.name, JSON.stringify(queue));
  }

  removeQueue(name: string): void {
    this.#run('delete from queue where name = ?', name);
  }

  saveBinding(binding: BindingDefinition): void {
    this.#run('insert into binding values (?) on conflict do nothing', JSON.stringify(binding));
  }

  removeBinding(binding: BindingDefinition): void {
    this.#run('delete from binding where definition = ?', JSON.stringify(binding));
  }

  #read<T>(query: string): T[] {
    const rows = this.#database.prepare(query).all() as { definition: string }[];
    return rows.map(({ definition }) => JSON.parse(definition) as T);
  }

  #run(statement: string, ...values: (string | number)[]): void {
    this.#database.prepare(statement).run(...values);
  }
}
