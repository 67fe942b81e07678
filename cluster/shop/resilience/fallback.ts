import { fallback, handleWhen } from 'cockatiel';
import type { Answer, Call } from '../service/http-client.ts';
import type { Policy } from './attempt.ts';
import { noteDecision } from './decision.ts';

/** Answers kept per edge; the one that was not renewed for the longest time goes first. */
const KEPT = 200;

/** Whom it says the caller is decides what the answer is: nobody may get another customer's. */
const keyOf = ({ url, headers = {} }: Call) => JSON.stringify([url, headers]);

/** Lets the last good answer to the same GET stand in for one that fails. What was never answered fails as it would without. */
export function lastGoodAnswer(edge: string): Policy {
  const kept = new Map<string, Answer>();
  const keep = (key: string, answer: Answer) => {
    kept.delete(key);
    kept.set(key, answer);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  };
  return (attempt) => (call) => {
    const { method, signal } = call;
    if (method !== 'GET') return attempt(call);
    const key = keyOf(call);
    const standsIn = handleWhen(() => !signal?.aborted && kept.has(key));
    const policy = fallback(standsIn, () => {
      noteDecision('fallback', edge);
      return kept.get(key)!;
    });
    return policy.execute(async () => {
      const answer = await attempt(call);
      if (answer.status < 300) keep(key, answer);
      return answer;
    });
  };
}
