import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../launch/product.ts';
import { row, type Figure } from './figure.ts';

/** Writes docs/bench.md: the machine, the day, and one row a figure. */
export function writeBenchDocument(figures: Figure[]): string {
  const [processor] = cpus();
  const machine = [
    `${cpus().length} x ${processor?.model ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
    `${process.platform} ${release()}`,
    `Node ${process.versions.node}`,
  ];
  const text = `# Figures

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine.join(', ')}.
Medians of the runs, with the smallest and the largest. They describe that machine at that moment; no test fails by them.

| what | median | spread | runs | wanted |
| --- | --- | --- | --- | --- |
${figures.map(row).join('\n')}
`;
  writeFileSync(join(root, 'docs', 'bench.md'), text);
  return text;
}
