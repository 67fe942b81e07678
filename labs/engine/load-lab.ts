import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GuideNode } from '../../server/contract/lab.ts';
import { ExpressionError, factsIn, type Expression } from './expression.ts';
import { disagreements, elementsIn } from './guide-agreement.ts';
import type { LabDefinition } from './lab.ts';
import { LabError, type LabProblem } from './problem.ts';
import { readGuide } from './read-guide.ts';
import { readLab } from './read-lab.ts';
import type { FactDefinition } from './vocabulary.ts';

/** A lab with its guide, from a folder. */
export interface LoadedLab {
  lab: LabDefinition;
  guide: GuideNode[];
  /** The expressions of each step's <Value>, by what stands in `of`, and of its <Signal>: `rate('orders')`, `p95` and `errors`. */
  values: Map<string, Map<string, Expression>>;
}

/** Reads lab.yaml and guide.mdx. Throws LabError with all that is wrong in them. */
export async function loadLab(folder: string, id: string): Promise<LoadedLab> {
  const [yaml, mdx] = await Promise.all([read(folder, id, 'lab.yaml'), read(folder, id, 'guide.mdx')]);
  const own = await ownFacts(folder);
  const problems: LabProblem[] = [];
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const lab = attempt(() => readLab(id, yaml, own));
  const guide = attempt(() => readGuide(id, mdx));
  if (!lab || !guide) throw new LabError(id, problems);
  problems.push(...disagreements(lab, guide));
  const values = new Map(
    elementsIn(guide, 'Step').map((step) => [step.props['id']!, valuesIn(step.children, lab, problems)]),
  );
  if (problems.length > 0) throw new LabError(id, problems);
  return { lab, guide, values };
}

function valuesIn(nodes: readonly GuideNode[], lab: LabDefinition, problems: LabProblem[]): Map<string, Expression> {
  const values = new Map<string, Expression>();
  const signals = elementsIn(nodes, 'Signal').flatMap(({ props, line }) =>
    ['rate', 'p95', 'errors'].map((fact) => ({ of: `${fact}('${props['id']!}')`, line })),
  );
  const written = elementsIn(nodes, 'Value').map(({ props, line }) => ({ of: props['of']!, line }));
  for (const { of, line } of [...written, ...signals]) {
    try {
      const expression = lab.language.compile(of, 'any');
      values.set(of, expression);
      lab.baseline.facts.push(...factsIn(expression.ast).filter(({ when }) => when === 'baseline'));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push({ file: 'guide.mdx', line, message: `<Value>: ${error.message}` });
    }
  }
  return values;
}

/**
 * The escape hatch: a lab whose checks ask what the vocabulary has no word for adds words of its own in facts.ts, which
 * exports `facts: FactDefinition[]` with a `from` each. No lab that is shipped has one; whoever needs it asks first whether the word
 * is missing for all.
 */
async function ownFacts(folder: string): Promise<FactDefinition[]> {
  const path = join(folder, 'facts.ts');
  try {
    await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return ((await import(pathToFileURL(path).href)) as { facts: FactDefinition[] }).facts;
}

async function read(folder: string, id: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (cause) {
    const message = `cannot be read (${(cause as NodeJS.ErrnoException).code}); a lab has lab.yaml and guide.mdx`;
    throw new LabError(id, [{ file, line: 1, message }]);
  }
}
