import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathWithin } from '../mounts/mount-view.ts';
import type { ContainerContext, Image } from './image.ts';
import { compileCache, nodeFlags } from './node-flags.ts';
import { refuseCommand } from './own-program.ts';

const program = fileURLToPath(new URL('../object-store/main.ts', import.meta.url));

/** Our object store, by the name, arguments and variables of the one that a real cluster runs: `minio/minio`, `server /data`. */
export const minio: Image = {
  name: 'minio/minio:*',
  matches: ({ repository }) => repository === 'minio/minio',
  async program(context) {
    const { home, image, command, args = [], scratch, memoryLimit, nodeArguments } = context;
    refuseCommand(image, command);
    const [verb, folder, ...more] = args;
    if (verb !== 'server' || !folder?.startsWith('/') || more.length > 0) {
      throw new Error(
        `minio: \`args\` are to be \`[server, /data]\`, with the folder of a volume; not [${args.join(', ')}].`,
      );
    }
    return {
      command: process.execPath,
      args: [...nodeFlags(memoryLimit), ...nodeArguments, program, 'server', dataFolder(context, folder)],
      env: compileCache(home),
      cwd: scratch,
      published: [],
      stopSignal: 'SIGTERM',
    };
  },
};

/** In a volume if the pod mounts one there, else it goes with the pod: never elsewhere on this machine. */
function dataFolder({ mounts, scratch }: ContainerContext, folder: string): string {
  const mount = mounts.find(({ mountPath }) => pathWithin(mountPath, folder) !== null);
  return mount ? join(mount.directory, relative(mount.mountPath, folder)) : join(scratch, 'objects');
}
