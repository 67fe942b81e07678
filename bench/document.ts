import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../launch/product.ts';
import { row, type Figure } from './figure.ts';

const file = join(root, 'docs', 'bench.md');

/** Commands that write a section each, in their order, and what they measure. */
const titles = {
  bench: 'The whole product',
  'bench -- capacity': "The shop's capacity",
  'bench -- costs': 'What patterns cost',
  'bench:cluster': 'The embedded cluster alone',
  'bench:broker': 'The embedded broker',
};

/** Writes what one command has measured, in Markdown, into docs/bench.md, with the machine and the day. All else stays. */
export function writeSection(command: keyof typeof titles, measured: string): void {
  const others = readFileSync(file, 'utf8')
    .split(/^(?=## )/m)
    .slice(1);
  const sections = Object.entries(titles).flatMap(([name, title]) => {
    const heading = `## ${title}\n`;
    if (name === command) return [`${heading}\n${section(command, measured)}`];
    return others.filter((other) => other.startsWith(heading)).map((other) => other.trimEnd() + '\n');
  });
  const known = Object.values(titles).map((title) => `## ${title}\n`);
  sections.push(...others.filter((other) => !known.some((heading) => other.startsWith(heading))));
  writeFileSync(file, `${introduction}\n${sections.join('\n')}`);
}

const introduction = `# Figures

Medians of the runs, with the smallest and the largest. They describe one machine at one moment; no test fails by them.
`;

/** One row a figure. */
export function figureTable(figures: Figure[]): string {
  return `| what | median | spread | runs | wanted |
| --- | --- | --- | --- | --- |
${figures.map(row).join('\n')}`;
}

function section(command: string, measured: string): string {
  const [processor] = cpus();
  const machine = [
    `${cpus().length} x ${processor?.model ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
    `${process.platform} ${release()}`,
    `Node ${process.versions.node}`,
  ];
  return `Written by \`npm run ${command}\` on ${new Date().toISOString().slice(0, 10)}: ${machine.join(', ')}.

${measured}
`;
}
