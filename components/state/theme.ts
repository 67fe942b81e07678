import { createStore } from './store.ts';

export type Theme = 'light' | 'dark' | 'system';

/** Read by public/theme.js before the first paint. */
const KEY = 'breakwater-theme';

export const theme = createStore<Theme>('system');

/** Takes over what public/theme.js found. */
export function adoptTheme(): void {
  const chosen = document.documentElement.dataset.theme;
  theme.set(chosen === 'light' || chosen === 'dark' ? chosen : 'system');
}

/** From the one that is seen, by choice or as the system wants it, to the other. */
export function chooseOtherTheme(): void {
  const chosen = theme.get();
  const isDark = chosen === 'system' ? window.matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  chooseTheme(isDark ? 'light' : 'dark');
}

export function chooseTheme(choice: Theme): void {
  theme.set(choice);
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch (error) {
    console.warn('The theme holds until the page closes: this browser keeps no storage for it.', error);
  }
}
