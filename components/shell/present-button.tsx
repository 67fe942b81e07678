'use client';
import { useCommands } from '../commands/command.ts';
import { usePresenting } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import styles from './shell.module.css';

/** Turns the presenter view on and off. It is in the URL: a reload keeps it. */
export function PresentButton() {
  const [presenting, present] = usePresenting();
  const toggle = () => present(!presenting);
  const label = presenting ? 'End the presenter view' : 'Present: large type, one key to advance';
  useCommands([{ id: 'present', label, group: 'Presenter', keys: 'Shift+P', run: toggle }]);
  return (
    <Button className={presenting ? undefined : styles.present} title={`${label} (Shift P)`} onClick={toggle}>
      {presenting ? 'End presenting' : 'Present'}
    </Button>
  );
}
