import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shipped } from '../catalogue.ts';
import { LabError } from '../engine/problem.ts';
import { loadLab } from '../engine/load-lab.ts';
import { withVocabulary } from '../engine/vocabulary-page.ts';
import { Participant } from './participant.ts';
import { scaffold, UsageError } from './scaffold.ts';
import { tellProblems } from './tell-problems.ts';
import { proveOnShop } from './prove-on-shop.ts';
import { saveRecording } from './save-recording.ts';
import { startProduct } from './product.ts';

const usage = `npm run lab -- new 16-title     makes the folder of a new lab
npm run lab -- try 16-title     starts the lab with it; a saved lab.yaml or guide.mdx is on the page at once
npm run lab -- prove 04 05      each check fails at its step's start and is met at its solution, on a running shop
npm run lab -- record 04 05     the same, and keeps what the checks saw as the lab's recording.json
npm run lab -- words            writes the vocabulary into docs/writing-a-lab.md`;

const labs = join(import.meta.dirname, '..');

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main([command, ...names]: string[]): Promise<number> {
  if (command === 'new' && names.length === 1) {
    say(await scaffold(labs, names[0]!));
    return 0;
  }
  if (command === 'words' && names.length === 0) {
    const page = join(labs, '../docs/writing-a-lab.md');
    await writeFile(page, withVocabulary(await readFile(page, 'utf8')));
    return 0;
  }
  const ids = names.map((name) => shipped.find((id) => id.startsWith(`${name}-`)) ?? name);
  if (command === 'try' && ids.length === 1) {
    const [id] = ids as [string];
    if (!existsSync(join(labs, id)))
      throw new UsageError(`There is no folder labs/${id}; make it with: npm run lab -- new ${id}`);
    const product = await startProduct(id);
    say(`Open ${product.url}/labs/${id}; Ctrl-C stops it.`);
    await tellProblems(new Participant(product.url), id, product.ended, say);
    return product.ended;
  }
  if ((command === 'prove' || command === 'record') && ids.length > 0) return prove(ids, command === 'record');
  console.error(usage);
  return 2;
}

async function prove(ids: string[], record: boolean): Promise<number> {
  for (const id of ids) await loadLab(join(labs, id), id); // a mistake is told before anything is started
  const product = await startProduct(ids.find((id) => !shipped.includes(id)));
  let failures = 0;
  try {
    for (const id of ids) {
      const { recording, problems } = await proveOnShop(product.url, id, say);
      failures += problems.length;
      if (record && problems.length === 0) await saveRecording(join(labs, id), recording);
    }
  } finally {
    await product.stop();
  }
  return failures > 0 ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof LabError || error instanceof UsageError ? error.message : error);
    process.exit(1);
  },
);
