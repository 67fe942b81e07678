import { useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import styles from './tabs.module.css';

export interface Tab {
  id: string;
  label: string;
  /** The key that shows it, as it is written on the keyboard. */
  shortcut?: string;
  panel: () => ReactNode;
}

export interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  selected: string;
  onSelect: (id: string) => void;
  /** Controls at the end of the row of tabs. */
  trailing?: ReactNode;
  compact?: boolean;
}

/** Tabs by the ARIA pattern: arrow keys move and select, only the shown panel is rendered. */
export function Tabs({ label, tabs, selected, onSelect, trailing, compact }: TabsProps) {
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const current = tabs.find((tab) => tab.id === selected) ?? tabs[0]!;

  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.indexOf(current);
    const goal = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    const next = tabs[(goal + tabs.length) % tabs.length]!;
    onSelect(next.id);
    row.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };

  return (
    <>
      <div className={styles.row} data-compact={compact}>
        <div role="tablist" aria-label={label} className={styles.list} ref={row} onKeyDown={onKeyDown}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${id}-${tab.id}`}
              data-tab={tab.id}
              className={styles.tab}
              aria-selected={tab === current}
              aria-controls={tab === current ? `${id}-panel` : undefined}
              tabIndex={tab === current ? 0 : -1}
              title={tab.shortcut && `Key ${tab.shortcut}`}
              onClick={() => onSelect(tab.id)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {trailing}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${current.id}`}
        className={styles.panel}
        tabIndex={0}
      >
        {current.panel()}
      </div>
    </>
  );
}
