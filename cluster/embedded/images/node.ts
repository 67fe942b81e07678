import type { Image } from './image.ts';
import { compileCache, nodeFlags } from './node-flags.ts';

/**
 * The image of Node itself, for a container that brings its program in its `command` or `args`: `["node", "-e", "..."]`. That program
 * is a process of this machine and may do all that its user may.
 */
export const node: Image = {
  name: 'node:*',
  runsAnyProgram: true,
  matches: ({ repository }) => repository === 'node',
  async program({ home, scratch, command, args: given = [], memoryLimit, nodeArguments }) {
    // As the image's entrypoint has it, arguments may begin with the program.
    const args = !command && given[0] === 'node' ? given.slice(1) : given;
    const [program = 'node', ...first] = command ?? [];
    if (program !== 'node') {
      throw new Error(`exec: "${program}": executable file not found in $PATH. This image runs node and nothing else.`);
    }
    return {
      command: process.execPath,
      args: [...nodeFlags(memoryLimit), ...nodeArguments, ...first, ...args],
      env: compileCache(home),
      cwd: scratch,
      published: [],
      stopSignal: 'SIGTERM',
    };
  },
};
