'use client';
import { Icon } from '../ui/icon.tsx';
import { runCommand } from './command.ts';
import { Shortcut } from './shortcut.tsx';
import styles from './commands.module.css';

/** Opens the palette, and tells its keys. */
export function PaletteButton() {
  return (
    <button
      type="button"
      className={styles.open}
      aria-label="Commands"
      aria-keyshortcuts="Control+K"
      title="Find anything that the page can do"
      onClick={() => runCommand('palette')}
    >
      <Icon name="find" size={14} />
      <Shortcut keys="$mod+k" />
    </button>
  );
}
