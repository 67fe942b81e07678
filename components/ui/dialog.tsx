'use client';
import { useId, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import styles from './dialog.module.css';

export interface DialogProps {
  title: string;
  /** Nothing but what it holds: its title is for those who do not see it. */
  bare?: boolean;
  /** Closed by Esc, the close button or a click beside it. */
  onClose: () => void;
  children: ReactNode;
}

/** A native modal dialog, open as long as it is rendered. */
export function Dialog({ title, bare = false, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();

  // Before the effects of what it holds: those may measure themselves, and a closed dialog has no size.
  useLayoutEffect(() => {
    element.current?.showModal();
  }, []);

  return (
    <dialog
      ref={element}
      className={styles.dialog}
      aria-labelledby={bare ? undefined : heading}
      aria-label={bare ? title : undefined}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current.close();
      }}
    >
      {bare ? (
        children
      ) : (
        <div className={styles.body}>
          <header className={styles.header}>
            <h2 id={heading}>{title}</h2>
            <button type="button" className={styles.close} aria-label="Close" onClick={() => element.current?.close()}>
              <Icon name="close" />
            </button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
