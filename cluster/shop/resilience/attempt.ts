import type { Answer, Call } from '../service/http-client.ts';

/** One try of a call. Its `resendCount` says how many there were before. */
export type Attempt = (call: Call) => Promise<Answer>;

/** What a policy makes of the attempts below it. */
export type Policy = (attempt: Attempt) => Attempt;

/**
 * The other side answered, with its own failure (5xx). Policies know failures as errors; the caller gets the answer as it came.
 */
export class FailedAnswer extends Error {
  readonly code = 'failed-answer';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`The answer is a failure: ${answer.status}.`);
    this.name = 'FailedAnswer';
    this.answer = answer;
  }
}
