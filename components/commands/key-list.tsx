'use client';
import { useStore } from '../state/use-store.ts';
import { Switch } from '../ui/switch.tsx';
import { allCommands } from './command.ts';
import { byGroup } from './groups.ts';
import { chooseSingleKeys, singleKeys } from './single-keys.ts';
import { Shortcut } from './shortcut.tsx';
import styles from './commands.module.css';

/** All keys of the page as it is, and the switch for those that are pressed without Ctrl. */
export function KeyList() {
  const chosen = useStore(singleKeys, (value) => value);
  return (
    <>
      <label className={styles.single}>
        <Switch
          label="Keys without Ctrl"
          checked={chosen === 'on'}
          onChange={(on) => chooseSingleKeys(on ? 'on' : 'off')}
        />
        <span>
          Keys without Ctrl. Switch them off where you speak to your computer. Esc stops all faults all the same, and
          while something is open it only closes that.
        </span>
      </label>
      <div className={styles.keys}>
        {byGroup(allCommands().filter(({ keys }) => keys)).map(([group, commands]) => (
          <section key={group} aria-label={`Keys: ${group}`}>
            <h3>{group}</h3>
            <dl>
              {commands.map(({ id, label, keys }) => (
                <div key={id}>
                  <dt>{label}</dt>
                  <dd>
                    <Shortcut keys={keys!} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}
