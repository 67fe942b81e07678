'use client';
import { useState } from 'react';
import { requestText } from '../state/api.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import styles from './gitops.module.css';
import { documentsWith } from './manifests.ts';
import { WordFilter } from './word-filter.tsx';

const readManifests = () => requestText('/api/manifests');

/** The desired state as it is rendered now. */
export function RenderedManifests() {
  const yaml = useRefreshed(readManifests, 5000);
  const [words, setWords] = useState('');
  if (yaml === null) return <p>Rendering the manifests…</p>;
  const documents = documentsWith(yaml, words);
  return (
    <>
      <WordFilter words={words} placeholder="replicas" onChange={setWords} shown={documents.length} />
      <pre className={styles.yaml}>{documents.join('\n---\n')}</pre>
    </>
  );
}
