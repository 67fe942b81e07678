import type { ReactNode } from 'react';
import { PaletteButton } from '../commands/palette-button.tsx';
import { Brand } from './brand.tsx';
import { ClusterPill } from './cluster-pill.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import styles from './shell.module.css';

/** The bar over every page. `crumb` says where one is, `children` are the page's own controls. */
export function TopBar({ crumb, children }: { crumb?: ReactNode; children?: ReactNode }) {
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Brand />
        {crumb && <span className={styles.crumb}>{crumb}</span>}
        <span className={styles.grow} />
        <ClusterPill />
        <ThemeSwitch />
        <PaletteButton />
        {children}
      </div>
      <ConnectionBanner />
    </header>
  );
}
