import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathWithin } from '../mounts/mount-view.ts';
import type { Image } from './image.ts';
import { compileCache, nodeFlags } from './node-flags.ts';
import { refuseCommand } from './own-program.ts';

const program = fileURLToPath(new URL('../broker/main.ts', import.meta.url));

/** Where the official image keeps its data. */
const dataFolder = '/var/lib/rabbitmq';

/** The broker of the embedded cluster, with the ports, environment variables and folder of the official image. */
export const rabbitmq: Image = {
  name: 'rabbitmq:*',
  matches: ({ repository }) => repository === 'rabbitmq',
  async program({ home, image, command, args = [], memoryLimit, nodeArguments, mounts, scratch }) {
    refuseCommand(image, command);
    if (args.length > 0 && args.join(' ') !== 'rabbitmq-server') refuseCommand(image, args);
    // Without a volume its data goes with the pod.
    const isMounted = mounts.some(({ mountPath }) => pathWithin(mountPath, dataFolder) !== null);
    const data = isMounted ? dataFolder : join(scratch, 'rabbitmq');
    return {
      command: process.execPath,
      args: [...nodeFlags(memoryLimit), '--disable-warning=ExperimentalWarning', ...nodeArguments, program, data],
      env: compileCache(home),
      cwd: scratch,
      published: [],
      stopSignal: 'SIGTERM',
    };
  },
};
