import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContainerContext, Image } from './image.ts';
import { compileCache, nodeFlags } from './node-flags.ts';
import { refuseCommand } from './own-program.ts';

/** One folder for each service of the shop. */
export const servicesFolder = fileURLToPath(new URL('../../shop/services/', import.meta.url));

/** Where the cluster's start puts the one file that brings OpenTelemetry into a service. */
export function telemetryBundle(home: string): string {
  return join(home, 'cache', 'telemetry.cjs');
}

/** Our own image of one of the shop's services: its TypeScript, run as it is. */
export function breakwaterService(service: string): Image {
  const folder = join(servicesFolder, service);
  return {
    name: `breakwater/${service}:*`,
    matches: ({ repository }) => repository === `breakwater/${service}`,
    async program({ home, image, command, args = [], env, mounts, memoryLimit, nodeArguments }) {
      refuseCommand(image, command);
      return {
        command: process.execPath,
        args: [
          ...nodeFlags(memoryLimit),
          ...nodeArguments,
          '--require',
          telemetryBundle(home),
          join(folder, 'main.ts'),
          ...args,
        ],
        env: { ...compileCache(home), ...foldersIn(env, mounts) },
        cwd: folder,
        published: [],
        stopSignal: 'SIGTERM',
      };
    },
  };
}

/**
 * A service is told by a variable where its volume is, and sees the file system of this machine: the variable gets the folder
 * that stands for the volume.
 */
function foldersIn(env: ContainerContext['env'], mounts: ContainerContext['mounts']): Record<string, string> {
  const found = Object.entries(env).flatMap(([name, path]): [string, string][] => {
    const mount = path.startsWith('/') && mounts.find(({ mountPath }) => isBelow(mountPath, path));
    return mount ? [[name, join(mount.directory, relative(mount.mountPath, path))]] : [];
  });
  return Object.fromEntries(found);
}

function isBelow(folder: string, path: string): boolean {
  return !/^\.\.(\/|$)/.test(relative(folder, path));
}
