import { fallback, handleWhen } from 'cockatiel';
import type { Answer } from '../service/http-client.ts';
import type { Policy } from './attempt.ts';
import { noteDecision } from './decision.ts';

/** Answers kept per edge; the one that was not renewed for the longest time goes first. */
const KEPT = 200;

/** Lets the last good answer to the same GET stand in for one that fails. What was never answered fails as it would without. */
export function lastGoodAnswer(edge: string): Policy {
  const kept = new Map<string, Answer>();
  const keep = (url: string, answer: Answer) => {
    kept.delete(url);
    kept.set(url, answer);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  };
  return (attempt) => (call) => {
    const { method, url, signal } = call;
    if (method !== 'GET') return attempt(call);
    const standsIn = handleWhen(() => !signal?.aborted && kept.has(url));
    const policy = fallback(standsIn, () => {
      noteDecision('fallback', edge);
      return kept.get(url)!;
    });
    return policy.execute(async () => {
      const answer = await attempt(call);
      if (answer.status < 300) keep(url, answer);
      return answer;
    });
  };
}
