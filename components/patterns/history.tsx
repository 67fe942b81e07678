'use client';
import { useState } from 'react';
import type { Commit } from '../../server/contract/patterns.ts';
import { tellPending, useAction } from '../state/action.ts';
import { request } from '../state/api.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import { Button } from '../ui/button.tsx';
import { Group } from '../ui/group.tsx';
import { clockSeconds } from '../ui/quantity.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import styles from './history.module.css';

/** The newest, until somebody asks for those before them. */
const LISTED = 10;
/** Read again this often while it is open, in ms: others commit too, by a switch, a push or an edit. */
const EVERY = 2000;

/** The desired state as a repository: how to clone it, who committed what, and the way back. Read while it is open. */
export function History() {
  const [open, setOpen] = useState(false);
  return (
    <Group title="History">
      <details className={styles.history} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>Commits, and your own push</summary>
        {open && <Repository />}
      </details>
    </Group>
  );
}

async function read(): Promise<Commit[]> {
  const { commits } = await request<{ commits: Commit[] }>('GET', '/api/commits');
  return commits;
}

function Repository() {
  const commits = useRefreshed(read, EVERY);
  const [all, setAll] = useState(false);
  const [reverting, setReverting] = useState<string | null>(null);
  const [revert, busy] = useAction(async (id: string) =>
    tellPending(await request<Commit>('POST', `/api/commits/${id}/revert`)),
  );
  if (!commits) return <p role="status">Reading the repository…</p>;
  const older = commits.length - LISTED;
  return (
    <>
      <p>
        The desired state is a git repository; what is pushed to it is applied. The password is the access code, in the
        lab’s folder.
      </p>
      <code className={styles.clone}>git clone {cloneUrl()}</code>
      <ol aria-label="Commits">
        {commits.slice(0, all ? undefined : LISTED).map(({ id, title, author, at, parent }) => (
          <li key={id}>
            <span>
              {title}{' '}
              <small>
                {author}, {clockSeconds(at)}
              </small>
            </span>
            {parent && (
              <Button
                look="link"
                busy={busy && reverting === id}
                disabled={busy}
                onClick={() => {
                  setReverting(id);
                  void revert(id);
                }}
              >
                Revert<VisuallyHidden> {title}</VisuallyHidden>
              </Button>
            )}
          </li>
        ))}
      </ol>
      {older > 0 && (
        <Button look="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'The newest only' : `${older} older ${older === 1 ? 'commit' : 'commits'}`}
        </Button>
      )}
    </>
  );
}

function cloneUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol}//learner@${host}/desired-state.git`;
}
