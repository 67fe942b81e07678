import { join } from 'node:path';
import { agentPipe } from './agent-pipe.ts';
import { boundedFile } from './bounded-file.ts';
import { readEnvironment } from './environment.ts';

type Append = (line: string) => void;

/**
 * Where lines go: to standard output, always; and to the log agent of the same pod, where LOG_FOLDER is what both have mounted. With
 * LOG_DELIVERY `synchronous` a line is written when the agent has taken it; with `buffered` when it is in a file that the agent reads.
 */
export function logAppender(environment = readEnvironment()): Append {
  const print: Append = (line) => void process.stdout.write(line);
  const folder = environment.text('LOG_FOLDER', '');
  if (!folder) return print;
  const isSynchronous = environment.oneOf('LOG_DELIVERY', ['synchronous', 'buffered'], 'buffered') === 'synchronous';
  const handOver = isSynchronous ? agentPipe(folder) : boundedFile(join(folder, 'service.log'));
  return (line) => {
    print(line);
    handOver(line);
  };
}
