import type { Answers, QuestionDefinition } from '../../labs/engine/lab.ts';
import type { FaultRequest } from '../contract/faults.ts';
import type { LabRun, PredictionView, QuestionView } from '../contract/lab.ts';
import { faultRequest } from './fault-request.ts';
import { shuffled } from './shuffle.ts';
import type { StepRun } from './step-run.ts';

/** What a page is shown of the step that a participant is at. @param services that may be answered */
export function stepView(step: StepRun, participant: string, services: string[]) {
  const { start, solution, hints } = step.definition;
  const toStart = solution.faults.filter((fault) => !start.faults.includes(fault)).map(faultRequest);
  const isChanged = ({ kind, target }: FaultRequest) =>
    toStart.some((fault) => fault.kind === kind && fault.target === target);
  const left = start.faults.filter((fault) => !solution.faults.includes(fault)).map(faultRequest);
  return {
    prediction: predictionView(step, participant, services),
    questions: questionViews(step, participant, services),
    offers: {
      start: toStart,
      stop: left.filter((fault) => !isChanged(fault)),
      load: start.load === solution.load ? null : solution.load,
    },
    checks: step.checks.map((check) => check.view()),
    hints: hints.slice(0, step.hints),
    hintsLeft: step.hintsLeft,
  } satisfies Partial<LabRun>;
}

/** What a page is shown of a step's prediction: the right answer no sooner than it is known. */
function predictionView(step: StepRun, seed: string, services: string[]): PredictionView | null {
  const { prediction, id } = step.definition;
  if (!prediction) return null;
  const { chosen, closed, done, truth, measured } = step;
  const options = inOrder(prediction.answers, `${seed} ${id}`);
  const correct = truth ?? '';
  return {
    ...{ question: prediction.question, options, services: options ? [] : services, chosen, closed },
    outcome: done
      ? { right: chosen === correct, correct, why: whyOf(prediction.why, chosen ?? correct), measured }
      : null,
  };
}

function questionViews(step: StepRun, seed: string, services: string[]): QuestionView[] {
  return step.definition.questions.map((question) => {
    const options = inOrder(question.answers, `${seed} ${question.id}`);
    return {
      ...{ id: question.id, question: question.question, options, services: options ? [] : services },
      tried: triedOf(question, step.answers[question.id]),
    };
  });
}

function triedOf({ truth, why }: QuestionDefinition, answer: string | undefined): QuestionView['tried'] {
  if (answer === undefined) return null;
  return { answer, right: truth.includes(answer), why: whyOf(why, answer) };
}

function inOrder(answers: Answers, seed: string): Answers {
  return answers && shuffled(answers, seed);
}

function whyOf(why: Record<string, string>, answer: string): string {
  return why[answer] ?? why['other'] ?? '';
}
