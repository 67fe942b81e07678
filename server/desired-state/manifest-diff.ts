import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Unified diff (three lines of context) of two rendered states; empty when they are equal. */
export function manifestDiff(before: string, after: string): string {
  if (before === after) return '';
  return createTwoFilesPatch('before.yaml', 'after.yaml', before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
