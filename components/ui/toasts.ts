import { createStore } from '../state/store.ts';

export interface Toast {
  id: number;
  tone: 'bad' | 'ok';
  title: string;
  /** What to do about it. */
  detail?: string;
  /** What a program would know it by. */
  code?: string;
}

/** How long a toast stays, in ms; a bad one stays until it is closed. */
const STAY = 6000;

export const toasts = createStore<readonly Toast[]>([]);

let nextId = 1;

export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = nextId++;
  const others = toasts.get().filter((other) => other.title !== toast.title);
  toasts.set([...others, { ...toast, id }].slice(-4));
  if (toast.tone === 'ok') setTimeout(() => closeToast(id), STAY);
}

export function closeToast(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}
