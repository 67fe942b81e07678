/**
 * The data plane: carries every connection between pods, in a process of its own so that neither a busy cluster process
 * slows the shop nor a busy shop the cluster. Told what to do in JSON lines on stdin; when stdin ends, so does it.
 *
 * Usage: node main.ts <directory for the control socket> <milliseconds that pods get to come back>
 */
import { flushCompileCache } from 'node:module';
import { removeNetworkDirectory } from '../directory.ts';
import { readJsonLines, writeJsonLine } from '../json-lines.ts';
import type { ClusterReply, ClusterRequest } from '../messages.ts';
import { DataPlane } from './data-plane.ts';

const [directory = '', returnMs = '0'] = process.argv.slice(2);
const dataPlane = new DataPlane(directory, Number(returnMs), (message) => writeJsonLine(process.stdout, message));

function end(): never {
  removeNetworkDirectory(directory);
  process.exit(0);
}

process.stderr.on('error', () => {}); // a file on a disk that may be full
process.stdin.once('close', end);
// Nobody is there to read an answer: stdin is about to close.
process.stdout.once('error', end);
process.stdin.on('error', (error) => {
  process.stderr.write(`data plane: ${error.message}\n`);
});

readJsonLines<ClusterRequest & { id: number }>(process.stdin, (request) => {
  void answer(request).then((reply) => writeJsonLine(process.stdout, { id: request.id, ...reply }));
});

async function answer(request: ClusterRequest): Promise<Omit<ClusterReply, 'id'>> {
  switch (request.type) {
    case 'state':
      await dataPlane.apply(request.state);
      // A process that is killed writes no compile cache; from here on all code is loaded.
      flushCompileCache();
      return {};
    case 'port':
      return { realPort: await dataPlane.realPort(request) };
    case 'acting':
      return { acting: dataPlane.actingFaults() };
  }
}
