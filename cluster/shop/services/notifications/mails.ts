import { inTransaction, type Database, type DatabaseClient } from '../../service/database.ts';

/**
 * The book of mails: a line each, with the how manieth of its kind it is for the order, so that those sent twice are found without
 * reading all. What was handled is known for a day.
 */
export const migration = `
  create table if not exists mails (
    order_id uuid not null,
    kind text not null,
    copy integer not null,
    sent_at timestamptz not null default clock_timestamp(),
    primary key (order_id, kind, copy)
  );
  create index if not exists mails_sent_again on mails (order_id) where copy > 0;
  create table if not exists handled_messages (
    id text primary key,
    handled_at timestamptz not null default clock_timestamp()
  );
  delete from handled_messages where handled_at < clock_timestamp() - interval '1 day';
`;

type Mail = { orderId: string; kind: 'order-paid' };

/** Sends a mail: here, that is its line in the book. */
export async function sendMail(database: Database, mail: Mail): Promise<void> {
  await inTransaction(database, (client) => write(client, mail));
}

/** Sends a mail unless the message that asks for it has been handled: both are committed, or neither. */
export async function sendMailOnce(database: Database, messageId: string, mail: Mail): Promise<void> {
  await inTransaction(database, async (client) => {
    const { rowCount } = await client.query('insert into handled_messages (id) values ($1) on conflict do nothing', [
      messageId,
    ]);
    if (rowCount === 1) await write(client, mail);
  });
}

async function write(client: DatabaseClient, { orderId, kind }: Mail): Promise<void> {
  const line = `insert into mails (order_id, kind, copy)
    select $1, $2, coalesce(max(copy) + 1, 0) from mails where order_id = $1 and kind = $2
    on conflict do nothing`;
  // Whoever writes the same mail at the same moment takes its number: then it is this one's turn.
  while ((await client.query(line, [orderId, kind])).rowCount === 0);
}
