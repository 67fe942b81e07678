import '@fontsource-variable/atkinson-hyperlegible-mono/index.css';
import '@fontsource-variable/atkinson-hyperlegible-next/index.css';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Live } from '../components/shell/live.tsx';
import '../components/ui/tokens.css';
import '../components/ui/base.css';

export const metadata: Metadata = {
  title: { default: 'Breakwater', template: '%s · Breakwater' },
  description: 'Break a real shop on purpose, switch a pattern on, and watch it hold.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#10222f' },
  ],
};

export default function Layout({ children }: { children: ReactNode }) {
  // The theme's script sets an attribute before React takes over: hence the suppressed warning.
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script src="/theme.js" />
      </head>
      <body>
        <Live>{children}</Live>
      </body>
    </html>
  );
}
