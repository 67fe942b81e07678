import type { ComponentProps } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  look?: 'plain' | 'primary' | 'danger' | 'link' | 'quiet';
  /** Waits for an answer: shows it and takes no clicks. */
  busy?: boolean;
}

export function Button({ look = 'plain', busy = false, className, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles.button} ${styles[look]} ${className ?? ''}`}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
    />
  );
}
