import { createStore } from '../state/store.ts';

/** Whether keys without Ctrl do something. Whoever speaks to their computer, or is not sure of their fingers, switches them off. */
export type SingleKeys = 'on' | 'off';

const KEY = 'breakwater-keys';

export const singleKeys = createStore<SingleKeys>('on');

/** Takes over what was chosen in this browser. */
export function adoptSingleKeys(): void {
  try {
    singleKeys.set(localStorage.getItem(KEY) === 'off' ? 'off' : 'on');
  } catch (error) {
    console.warn('This browser keeps no storage: single keys are on.', error);
  }
}

export function chooseSingleKeys(choice: SingleKeys): void {
  singleKeys.set(choice);
  try {
    if (choice === 'on') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch (error) {
    console.warn('This holds until the page closes: this browser keeps no storage for it.', error);
  }
}
