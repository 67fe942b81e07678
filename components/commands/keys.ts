import { allCommands, canRun } from './command.ts';
import type { Command } from './command.ts';
import { singleKeys } from './single-keys.ts';

/** All keys that do something on the page as it is; those pressed one after the other first, for their last key may be one alone. */
export function boundKeys(commands: readonly Command[]): string[] {
  const keys = commands.flatMap((command) => command.keys ?? []);
  return [...new Set(keys)].sort((a, b) => b.split(' ').length - a.split(' ').length);
}

/** Does what is behind these keys, unless the key belongs to somebody else: a dialog, a menu, a field. */
export function press(keys: string, event: KeyboardEvent): void {
  if (event.defaultPrevented || belongsElsewhere(keys, event.target)) return;
  const command = allCommands().find((each) => each.keys === keys && canRun(each));
  if (!command) return;
  event.preventDefault();
  command.run(event);
}

/** All but Esc and those with Ctrl, which act also in fields, and whatever the learner chose about single keys. */
export function isSingleKey(keys: string): boolean {
  return keys !== 'Escape' && !keys.includes('$mod');
}

function belongsElsewhere(keys: string, target: EventTarget | null): boolean {
  if (somethingIsOpen()) return true;
  if (keys === 'Escape') return isTextField(target) && target.value !== '';
  return isSingleKey(keys) && (singleKeys.get() === 'off' || isTextField(target) || takesLetters(target));
}

/** Esc closes it first, and what is typed is meant for it. */
function somethingIsOpen(): boolean {
  const menu = CSS.supports('selector(select:open)') ? ', select:open' : '';
  return document.querySelector(`dialog[open], :popover-open${menu}`) !== null;
}

/** One that takes back what is being written by Esc. */
function isTextField(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && ['search', 'text', 'number'].includes(target.type);
}

function takesLetters(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

const names: Record<string, string> = { Escape: 'Esc', PageDown: 'Page down', PageUp: 'Page up', Shift: 'Shift' };

/** Keys as they are written on the keyboard, by press: `$mod+k` is `[['Ctrl', 'K']]`, `g h` is `[['G'], ['H']]`. */
export function keyNames(keys: string, isMac: boolean): string[][] {
  return keys.split(' ').map((press) =>
    press
      .split(/(?<=[\w\]])\+/)
      .filter((part) => !part.startsWith('['))
      .map((part) => {
        if (part === '$mod') return isMac ? '⌘' : 'Ctrl';
        return names[part] ?? part.toUpperCase();
      }),
  );
}

export function onMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
