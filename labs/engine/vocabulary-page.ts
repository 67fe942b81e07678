import { guideVocabulary } from './guide-vocabulary.ts';
import { vocabulary } from './vocabulary.ts';

/** The page for teachers with its tables as they follow from the code. Throws Error where it has no place for them. */
export function withVocabulary(page: string): string {
  const facts = vocabulary.map(({ name, args, means }) => [`\`${name}(${args.join(', ')})\``, means]);
  const elements = guideVocabulary.map(({ name, needs, may, means }) => {
    const attributes = [...needs, ...may.map((each) => `${each}?`)].map((each) => ` ${each}`).join('');
    return [`\`<${name}${attributes}>\``, means];
  });
  return place(place(page, 'facts', table(['ask', 'is'], facts)), 'elements', table(['element', 'shows'], elements));
}

function place(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`docs/writing-a-lab.md has no ${begin} ... ${end}; put them where the table is to stand.`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** As Prettier sets it. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
