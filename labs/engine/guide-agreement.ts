import type { GuideElementNode, GuideNode } from '../../server/contract/lab.ts';
import { guideVocabulary } from './guide-vocabulary.ts';
import type { LabDefinition, StepDefinition } from './lab.ts';
import type { LabProblem } from './problem.ts';

export const MAX_WORDS = 90;
const actions = new Set(guideVocabulary.filter(({ action }) => action).map(({ name }) => name));

/** Where guide and lab.yaml do not tell the same story. */
export function disagreements(lab: LabDefinition, guide: readonly GuideNode[]): LabProblem[] {
  const problems: LabProblem[] = [];
  const problem = (line: number, message: string) => void problems.push({ file: 'guide.mdx', line, message });
  const steps = elementsIn(guide, 'Step');
  for (const { props, line } of steps) {
    if (!lab.steps.some(({ id }) => id === props['id'])) problem(line, `lab.yaml has no step "${props['id']}"`);
  }
  const order = (ids: (string | undefined)[]) => ids.join(', ');
  const wanted = order(lab.steps.map(({ id }) => id));
  if (order(steps.map(({ props }) => props['id'])) !== wanted)
    problem(1, `the steps are to be, in this order: ${wanted}`);
  for (const definition of lab.steps) {
    const step = steps.find(({ props }) => props['id'] === definition.id);
    if (step) compare(definition, step, (message, node) => problem((node ?? step).line, message));
  }
  return problems;
}

function compare(
  definition: StepDefinition,
  step: GuideElementNode,
  problem: (message: string, node?: GuideElementNode) => void,
): void {
  const inside = (name: string) => elementsIn(step.children, name);
  const once = (name: string, attribute: string, ids: string[]) => {
    for (const id of ids) {
      const shown = inside(name).filter(({ props }) => props[attribute] === id).length;
      if (shown !== 1) problem(`the step is to show <${name} ${attribute}="${id}" /> once; it does ${shown} times`);
    }
    for (const node of inside(name)) {
      if (!ids.includes(node.props[attribute]!))
        problem(`the step has no "${node.props[attribute]}" in lab.yaml`, node);
    }
  };
  once(
    'Check',
    'id',
    definition.checks.map(({ id }) => id),
  );
  once(
    'Ask',
    'id',
    definition.questions.map(({ id }) => id),
  );
  const count = (name: string, wanted: number, why: string) => {
    if (inside(name).length !== wanted)
      problem(`the step is to have <${name}> ${wanted === 1 ? 'once' : 'not at all'}: ${why}`);
  };
  count('Predict', definition.prediction ? 1 : 0, 'lab.yaml says whether there is a prediction');
  count('Hint', 1, 'nobody is to be left alone');
  const { start, solution } = definition;
  for (const [pattern, option] of Object.entries(solution.patterns)) {
    if (start.patterns[pattern] === option) continue;
    const offered = inside('Switch').some(
      ({ props }) => props['pattern'] === pattern && (props['option'] ?? option) === option,
    );
    if (!offered) problem(`the step's change needs <Switch pattern="${pattern}" option="${option}" />`);
  }
  if (JSON.stringify(start.faults) !== JSON.stringify(solution.faults))
    count('Fault', 1, "the step's change starts or stops one");
  if (start.load !== solution.load) count('Load', 1, "the step's change sets the load");
  for (const act of definition.acts) {
    if (act.type === 'open-trace' && !inside('Trace').some(({ props }) => props['name'] === act.name))
      problem(`the step's change needs <Trace name="${act.name}" />`);
    if (act.type === 'read' && act.what === 'recap') count('Recap', 1, 'the learner is to read it');
    if (
      act.type === 'read' &&
      act.what !== 'recap' &&
      !inside('Diff').some(({ props }) => props['pattern'] === act.what)
    )
      problem(`the step's change needs <Diff pattern="${act.what}" />`);
  }
  const words = wordsBeforeAction(step);
  if (words > MAX_WORDS)
    problem(`${words} words stand before the first thing to do; ${MAX_WORDS} are the most that are read`);
}

/** Words that a reader meets before the first thing to do. */
export function wordsBeforeAction(step: GuideElementNode): number {
  let words = 0;
  for (const node of walk(step.children)) {
    if (typeof node === 'string') words += node.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    else if (actions.has(node.tag)) break;
  }
  return words;
}

export function elementsIn(nodes: readonly GuideNode[], name: string): GuideElementNode[] {
  return [...walk(nodes)].filter((node) => typeof node !== 'string' && node.tag === name) as GuideElementNode[];
}

function* walk(nodes: readonly GuideNode[]): Generator<GuideNode> {
  for (const node of nodes) {
    yield node;
    if (typeof node !== 'string') yield* walk(node.children);
  }
}
