import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Image } from './image.ts';
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
    async program({ home, image, command, args = [], memoryLimit, nodeArguments }) {
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
        env: compileCache(home),
        cwd: folder,
        published: [],
        stopSignal: 'SIGTERM',
      };
    },
  };
}
