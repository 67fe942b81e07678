import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { diffLines } from './diff-lines.ts';
import styles from './yaml-diff.module.css';

const signs = { hunk: '', added: '+', removed: '−', same: ' ' };
const spoken: Partial<Record<keyof typeof signs, string>> = { added: 'added: ', removed: 'removed: ' };

/** A unified diff, with signs as well as colours. */
export function YamlDiff({ diff }: { diff: string }) {
  if (diff === '') return <p className={styles.none}>The manifests stay as they are.</p>;
  return (
    <div className={styles.diff} tabIndex={0} role="group" aria-label="Changes of the manifests">
      {diffLines(diff).map(({ kind, text }, line) => (
        <div key={line} className={styles.line} data-kind={kind}>
          <span aria-hidden="true">{signs[kind]}</span>
          <code>
            {spoken[kind] && <VisuallyHidden>{spoken[kind]}</VisuallyHidden>}
            {text}
          </code>
        </div>
      ))}
    </div>
  );
}
