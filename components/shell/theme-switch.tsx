'use client';
import { chooseTheme, theme } from '../state/theme.ts';
import type { Theme } from '../state/theme.ts';
import { useStore } from '../state/use-store.ts';
import { Icon } from '../ui/icon.tsx';
import { Segmented } from '../ui/segmented.tsx';

const choices = [
  { id: 'light', name: 'Light', label: <Icon name="sun" size={14} /> },
  { id: 'dark', name: 'Dark', label: <Icon name="moon" size={14} /> },
  { id: 'system', name: 'System', label: <Icon name="screen" size={14} /> },
];

export function ThemeSwitch() {
  const chosen = useStore(theme, (choice) => choice);
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
