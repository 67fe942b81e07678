'use client';
import { useState } from 'react';
import type { Commit, Drift } from '../../server/contract/patterns.ts';
import { attempt, useAction } from '../state/action.ts';
import { request } from '../state/api.ts';
import { Button } from '../ui/button.tsx';
import { Group } from '../ui/group.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import styles from './history.module.css';

const listed = 10;

/** The desired state as a repository: how to clone it, who committed what, and the way back. Read when it is opened. */
export function History() {
  const [commits, setCommits] = useState<Commit[] | null>(null);
  const [drifts, setDrifts] = useState<Drift[]>([]);
  const read = async () => {
    const answer = await attempt(() => request<{ commits: Commit[] }>('GET', '/api/commits'));
    if (answer) setCommits(answer.commits.slice(0, listed));
    const found = await attempt(() => request<{ drifts: Drift[] }>('GET', '/api/drifts'));
    if (found) setDrifts(found.drifts.slice(0, listed));
  };
  const [revert, busy] = useAction(async (id: string) => {
    await request<Commit>('POST', `/api/commits/${id}/revert`);
    await read();
  });
  return (
    <Group title="History">
      <details className={styles.history} onToggle={({ currentTarget }) => currentTarget.open && void read()}>
        <summary>Commits, and your own push</summary>
        <p>
          The desired state is a git repository; what is pushed to it is applied. The password is the access code, in
          the lab’s folder.
        </p>
        {commits && <code className={styles.clone}>git clone {cloneUrl()}</code>}
        <ol>
          {commits?.map(({ id, title, author, parent }) => (
            <li key={id}>
              <span>
                {title} <small>{author}</small>
              </span>
              {parent && (
                <Button look="link" busy={busy} onClick={() => void revert(id)}>
                  Revert<VisuallyHidden> {title}</VisuallyHidden>
                </Button>
              )}
            </li>
          ))}
        </ol>
        {drifts.length > 0 && <p>Changed in the cluster by others, and changed back:</p>}
        <ul>
          {drifts.map(({ object, fields, by, at }) => (
            <li key={`${object} ${at}`}>
              {object}: {fields.join(', ')} <small>{by}</small>
            </li>
          ))}
        </ul>
      </details>
    </Group>
  );
}

function cloneUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol}//learner@${host}/desired-state.git`;
}
