const hasCode =
  (code: string) =>
  (error: unknown): error is Error =>
    error instanceof Error && (error as { code?: unknown }).code === code;

/** The object is not there (any more). */
export const isNotFound = hasCode('NotFound');
/** The object has changed since it was read, or is another one by now. */
export const isConflict = hasCode('Conflict');
export const isAlreadyExists = hasCode('AlreadyExists');
/** Nothing can be written now; it is nothing about the object. */
export const isDiskFull = hasCode('DiskFull');

/** The value, or null where the API answers NotFound. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
