'use client';
import { useStore } from '../state/use-store.ts';
import { Icon } from './icon.tsx';
import { closeToast, toasts } from './toasts.ts';
import styles from './toaster.module.css';

/** Shows the toasts; bad ones interrupt a screen reader, others wait. */
export function Toaster() {
  const shown = useStore(toasts, (list) => list);
  return (
    <div className={styles.stack} role="region" aria-label="Messages">
      {shown.map((toast) => (
        <div
          key={toast.id}
          className={styles.toast}
          data-tone={toast.tone}
          role={toast.tone === 'bad' ? 'alert' : 'status'}
        >
          <div>
            <b>{toast.title}</b>
            {toast.detail && <p>{toast.detail}</p>}
            {toast.code && <code>{toast.code}</code>}
          </div>
          <button
            type="button"
            className={styles.close}
            aria-label="Close message"
            onClick={() => closeToast(toast.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
