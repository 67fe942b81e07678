import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { newRoutes } from '../../../cluster/shop/service/routes.ts';
import { serviceLog } from '../../../cluster/shop/service/log.ts';
import { Book } from '../../../cluster/shop/services/bank/book.ts';
import { statementRoutes } from '../../../cluster/shop/services/bank/statement-routes.ts';
import type { AskBank } from '../bank-statement.ts';

/** The bank's own book and statement, over a socket, without the delays of its business. */
export interface RunningBank {
  book: Book;
  ask: AskBank;
  /** Nobody answers. */
  away: boolean;
  /** Another process takes over the book. */
  restart(): void;
  close(): Promise<void>;
}

export async function openBank(): Promise<RunningBank> {
  const folder = mkdtempSync(join(tmpdir(), 'bank-'));
  const book = new Book(folder);
  book.begin();
  const routes = newRoutes(serviceLog('bank'));
  statementRoutes(book)(routes);
  const server = createAdaptorServer({ fetch: routes.fetch }) as Server;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bank: RunningBank = {
    book,
    away: false,
    async ask({ method = 'GET', path, body }) {
      if (bank.away) throw new Error('no bank here');
      const answer = await fetch(url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return { status: answer.status, body: await answer.text() };
    },
    restart() {
      book.close();
      book.begin();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      book.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bank;
}
