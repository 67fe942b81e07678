import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realPath, type Mount } from '../mounts/mount-view.ts';

const TAR = fileURLToPath(new URL('./tar/main.ts', import.meta.url));

/**
 * What is started for a command in a container, so that it finds the volumes. A program of Node sees them by itself. To any other, each
 * argument that is the path of something in a volume is given as the path where that is on this machine: enough for `cat /config/color`, not
 * for the words of a script. What `kubectl cp` calls `tar` names files in its archive, and so is one that sees what the container sees.
 */
export function containerCommand(mounts: Mount[], command: string[]): string[] {
  const [program, ...args] = command;
  if (mounts.length === 0 || program === 'node') return command;
  if (program === 'tar' && (args.join(' ').startsWith('cf - ') || args.join(' ').includes('-xmf -'))) {
    return ['node', '--disable-warning=ExperimentalWarning', TAR, ...args];
  }
  return command.map((word) => (isAbsolute(word) && realPath(mounts, word)?.path) || word);
}
