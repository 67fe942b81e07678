import { patienceMs } from './driver.ts';

export type TimelyAnswer<T> = { inTime: true; value: T } | { inTime: false; why: string; cause?: Error };

/** Waits for an answer as long as one may take, and no longer; says why there is none. */
export async function answerInTime<T>(who: string, answer: Promise<T>): Promise<TimelyAnswer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<TimelyAnswer<T>>((resolve) => {
    timer = setTimeout(
      () => resolve({ inTime: false, why: `${who} has not answered for ${patienceMs} ms` }),
      patienceMs,
    );
  });
  const given = answer.then(
    (value): TimelyAnswer<T> => ({ inTime: true, value }),
    (error: Error): TimelyAnswer<T> => ({ inTime: false, why: `${who}: ${error.message}`, cause: error }),
  );
  return Promise.race([given, late]).finally(() => clearTimeout(timer));
}
