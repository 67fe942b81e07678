import type { Database } from '../../service/database.ts';

export interface Profile {
  id: string;
  name: string;
  email: string;
}

const familyNames = ['Bell', 'Cook', 'Drake', 'Finch', 'Gull', 'Heron', 'Marsh', 'Reed', 'Stone', 'Wells'];
const firstNames = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Leslie', 'Frances', 'Tony', 'Radia', 'Donald', 'Margaret'];

const names = familyNames.flatMap((family) => firstNames.map((first) => `${first} ${family}`));

/** Sample customers `customer-01` to `customer-100`. */
export const migration = `
  create table if not exists profiles (id text primary key, name text not null, email text not null unique);
  insert into profiles (id, name, email) values ${names.map(seed).join(', ')} on conflict do nothing;
`;

function seed(name: string, index: number): string {
  const id = `customer-${String(index + 1).padStart(2, '0')}`;
  return `('${id}', '${name}', '${id}@shop.example')`;
}

export async function findProfile(database: Database, id: string): Promise<Profile | undefined> {
  const { rows } = await database.query<Profile>('select id, name, email from profiles where id = $1', [id]);
  return rows[0];
}
