/** Something in a lab's files that its author has to mend. */
export interface LabProblem {
  /** `lab.yaml`, `guide.mdx`. */
  file: string;
  /** From 1. */
  line: number;
  /** What is wrong, and what to do about it. */
  message: string;
}

/** A lab that cannot be run as it is written. */
export class LabError extends Error {
  readonly code = 'bad-lab';
  readonly problems: LabProblem[];

  constructor(lab: string, problems: LabProblem[]) {
    super(problems.map(({ file, line, message }) => `labs/${lab}/${file}:${line}: ${message}`).join('\n'));
    this.problems = problems;
  }
}
