import { Fragment, useSyncExternalStore } from 'react';
import { keyNames, onMac } from './keys.ts';
import styles from './commands.module.css';

const never = () => () => {};

/** Keys as they are on the keyboard; `then` between those pressed one after the other. */
export function Shortcut({ keys }: { keys: string }) {
  const isMac = useSyncExternalStore(never, onMac, () => false); // the page is built for neither
  return (
    <span className={styles.shortcut}>
      {keyNames(keys, isMac).map((names, at) => (
        <Fragment key={at}>
          {at > 0 && <small>then</small>}
          {names.map((name) => (
            <kbd key={name}>{name}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
