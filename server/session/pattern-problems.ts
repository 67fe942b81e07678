import type { LabDefinition } from '../../labs/engine/lab.ts';
import type { LabProblem } from '../../labs/engine/problem.ts';
import { definitionOf, optionOf } from '../desired-state/options.ts';
import { CodedError } from '../errors.ts';

/** What would be refused of a lab's patterns when a step is brought about: no such pattern or option, or a number out of its bounds. */
export function patternProblems({ steps }: LabDefinition): LabProblem[] {
  const chosen = steps.flatMap(({ start, solution, line }, index) => [
    // What is on from the beginning stands under `start`, before all steps.
    ...(index === 0 ? Object.entries(start.patterns).map((pattern) => ({ pattern, line: 1 })) : []),
    ...Object.entries(solution.patterns)
      .filter(([id, option]) => start.patterns[id] !== option)
      .map((pattern) => ({ pattern, line })),
  ]);
  return chosen.flatMap(({ pattern: [id, option], line }) => {
    try {
      optionOf(definitionOf(id), option);
      return [];
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return [{ file: 'lab.yaml', line, message: `${error.message} ${error.action}` }];
    }
  });
}
