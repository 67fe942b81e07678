import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const yaml = `title: A title of your own
goal: What a learner can do afterwards, in one sentence.
minutes: 10
level: start # or middle, deep

start: { load: 60 }
baseline:
  expr: rate('customer') > 40 && p95('customer') < 150
  for: 5s

recap:
  latency: customer
  orders: customer POST /api/orders
  rows:
    - { name: before, when: "!fault('bank')" }
    - { name: with the fault, when: fault('bank') }
  moments:
    - { label: Bank slows down, when: fault('bank') }

steps:
  - id: break-it
    title: Break it
    change: { fault: bank-slow, target: bank, delay: 3s, share: 60 }
    checks:
      - id: customers-slow
        expr: p95('customer') > 1000
        for: 2s
    hints:
      - The button is in the text.
      - Start the fault, and give it half a minute.
`;

const guide = `<Step id="break-it">

Say in a few short sentences what is about to happen, and let the learner do it.

<Fault />

<Check id="customers-slow" />

<Hint />

</Step>
`;

/** Was called with what cannot be. */
export class UsageError extends Error {}

/** Makes the folder of a new lab, one that runs already. Throws UsageError for a bad name, and where there is one. */
export async function scaffold(labs: string, id: string): Promise<string> {
  if (!/^\d\d-[a-z0-9-]+$/.test(id))
    throw new UsageError(`"${id}" is no name of a lab: write two digits and a title, as 16-my-lab.`);
  const folder = join(labs, id);
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new UsageError(`labs/${id}/ is there already.`) : error;
  });
  await writeFile(join(folder, 'lab.yaml'), yaml);
  await writeFile(join(folder, 'guide.mdx'), guide);
  return `labs/${id}/ is made. npm run lab -- try ${id} shows it; a line in labs/catalogue.ts puts it into the product.`;
}
