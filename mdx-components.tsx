import { vocabulary } from './components/guide/vocabulary.ts';

/** Next asks this file which components a guide may use. */
export function useMDXComponents() {
  return vocabulary;
}
