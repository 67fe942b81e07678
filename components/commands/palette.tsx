'use client';
import { Command as Menu } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { patternCommands } from '../patterns/pattern-commands.ts';
import { useLabs } from '../state/use-labs.ts';
import { useSystem } from '../state/use-system.ts';
import { hasWords } from '../ui/words.ts';
import { allCommands, canRun } from './command.ts';
import type { Command } from './command.ts';
import { byGroup } from './groups.ts';
import { labCommands } from './lab-commands.ts';
import { lookCommands } from './look-commands.ts';
import { Shortcut } from './shortcut.tsx';
import styles from './commands.module.css';

/** Everything the page can do now, found by its words; the dialog around it closes before one is done. */
export function Palette() {
  const [search, setSearch] = useState('');
  const menu = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const close = () => menu.current?.closest('dialog')?.close();
  const commands = useEveryCommand(search);
  return (
    <Menu
      ref={menu}
      label="Commands"
      loop
      vimBindings={false}
      filter={score}
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        close();
      }}
    >
      <Menu.Input
        ref={field}
        className={styles.input}
        placeholder="Do what? Try “timeout”, “lab”, “traces”…"
        maxLength={100}
        value={search}
        onValueChange={setSearch}
      />
      <Menu.List className={styles.list} label="Commands">
        <Menu.Empty className={styles.empty}>Nothing on this page has these words.</Menu.Empty>
        {byGroup(commands).map(([group, members]) => (
          <Menu.Group key={group} heading={group} className={styles.group}>
            {members.map((command) => (
              <Menu.Item
                key={command.id}
                className={styles.item}
                value={command.label}
                keywords={[group, ...(command.words ?? [])]}
                onSelect={() => {
                  // First, for it gives the focus back, and the command may want it elsewhere.
                  close();
                  command.run();
                }}
              >
                {command.label}
                {command.keys && <Shortcut keys={command.keys} />}
              </Menu.Item>
            ))}
          </Menu.Group>
        ))}
      </Menu.List>
    </Menu>
  );
}

/** All words have to be there; what begins with them comes first, then what has them in its name. */
function score(label: string, search: string, words: string[] = []): number {
  if (!hasWords([label, ...words].join(' '), search)) return 0;
  if (label.toLowerCase().startsWith(search.toLowerCase().trim())) return 1;
  return hasWords(label, search) ? 0.8 : 0.5;
}

/** What the page shows can do, and besides that what needs no part of it: labs, options of patterns, what can be looked into. */
function useEveryCommand(search: string): Command[] {
  const { push } = useRouter();
  const labs = useLabs() ?? [];
  const patterns = useSystem('patterns') ?? [];
  const topology = useSystem('topology');
  const own = allCommands().filter((command) => command.id !== 'palette' && canRun(command));
  const looks = own.some(({ id }) => id === 'tab-inspect') && topology ? lookCommands(topology) : [];
  return [...own, ...looks, ...patternCommands(patterns, search), ...labCommands(labs, push)];
}
