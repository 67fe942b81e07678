import { globSync } from 'node:fs';
import { FollowedFile } from './followed-file.ts';
import { polledSource } from './polled-source.ts';
import type { Source, SourceLine } from './source.ts';

/** Pods come and go: their files are looked for this often. */
const searchEveryMs = 1_000;

interface NodeSourceOptions {
  /** The node's /var/log/pods. */
  folder: string;
  node: string;
  /** Whose pods' logs are read. */
  namespace: string;
  /** The agent's own pod: what it says of lines must not become lines. */
  ownPod: string;
}

/**
 * What all containers of a namespace on this node have written, from where the kubelet keeps it:
 * `<namespace>_<pod>_<uid>/<container>/<restarts>.log`, in the format of the container runtime interface. Files that are there at the
 * start were read by the agent before; new ones are read from their beginning.
 */
export function nodeSource({ folder, node, namespace, ownPod }: NodeSourceOptions): Source {
  const files = new Map<string, { file: FollowedFile; read: () => SourceLine[] }>();
  let searchedAt: number | undefined;

  /** Answers the last lines of those that are gone. */
  function search(): SourceLine[] {
    const found = new Set(globSync(`${namespace}_*/*/*.log`, { cwd: folder }));
    const last: SourceLine[] = [];
    for (const [path, { file, read }] of files) {
      if (found.has(path)) continue;
      for (let lines = read(); lines.length > 0; lines = read()) last.push(...lines);
      file.close();
      files.delete(path);
    }
    for (const path of found) {
      const [pod = '', container = ''] = path.split('/');
      const name = pod.split('_')[1] ?? '';
      if (files.has(path) || name === ownPod) continue;
      const origin = { namespace, pod: name, container, node };
      const file = new FollowedFile(`${folder}/${path}`, searchedAt === undefined);
      const joined = joinParts();
      const read = () =>
        file.read().flatMap((line) => {
          const parsed = joined(line);
          return parsed ? [{ ...parsed, origin }] : [];
        });
      files.set(path, { file, read });
    }
    searchedAt = performance.now();
    return last;
  }
  search();

  return polledSource(() => {
    const last = performance.now() - searchedAt! > searchEveryMs ? search() : [];
    return [...last, ...[...files.values()].flatMap(({ read }) => read())];
  });
}

/** `<RFC 3339 time> <stdout|stderr> <F|P> <text>`: a line that was too long for its writer comes in parts, `P` until the last, `F`. */
function joinParts(): (line: string) => { text: string; at: number | undefined } | null {
  const parts: Record<string, string> = {};
  return (line) => {
    const [, time, stream, tag, text] = /^(\S+) (stdout|stderr) (F|P) (.*)$/s.exec(line) ?? [];
    if (!stream || text === undefined) return { text: line, at: undefined };
    const whole = (parts[stream] ?? '') + text;
    parts[stream] = tag === 'P' ? whole : '';
    return tag === 'P' ? null : { text: whole, at: Date.parse(time!) || undefined };
  };
}
