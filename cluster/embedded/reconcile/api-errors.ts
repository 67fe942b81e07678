import { ApiError } from '../apiserver/api-error.ts';

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

/** Nothing new comes into the namespace, which is being deleted or is gone already. */
export function isNamespaceEnding(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return (
    error.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ||
    (isNotFound(error) && error.details?.kind === 'namespaces')
  );
}

/** The value, or null where the API answers NotFound. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** Resolves also where the API answers NotFound: what was to be deleted is gone already. */
export async function ignoreNotFound(answer: Promise<unknown>): Promise<void> {
  await orNull(answer);
}
