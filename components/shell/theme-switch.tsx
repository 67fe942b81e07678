'use client';
import { useCommands } from '../commands/command.ts';
import { chooseOtherTheme, chooseTheme, theme } from '../state/theme.ts';
import type { Theme } from '../state/theme.ts';
import { useStore } from '../state/use-store.ts';
import { Icon } from '../ui/icon.tsx';
import { Segmented } from '../ui/segmented.tsx';

const choices = [
  { id: 'light', name: 'Light', label: <Icon name="sun" size={14} /> },
  { id: 'dark', name: 'Dark', label: <Icon name="moon" size={14} /> },
  { id: 'system', name: 'System', label: <Icon name="screen" size={14} /> },
];

const themeCommands = [
  ...choices.map(({ id, name }) => ({
    id: `theme-${id}`,
    label: `Theme: ${name.toLowerCase()}`,
    group: 'Page',
    words: ['colours appearance'],
    when: () => theme.get() !== id,
    run: () => chooseTheme(id as Theme),
  })),
  { id: 'theme', label: 'The other theme', group: 'Page', keys: 't', words: ['dark light'], run: chooseOtherTheme },
];

export function ThemeSwitch() {
  const chosen = useStore(theme, (choice) => choice);
  useCommands(themeCommands);
  return (
    <Segmented
      label="Theme"
      tone="plain"
      segments={choices}
      selected={chosen}
      onSelect={(id) => chooseTheme(id as Theme)}
    />
  );
}
