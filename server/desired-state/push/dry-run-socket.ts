import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { once } from 'node:events';
import { z } from 'zod';
import type { Manifest } from '../../../cluster/client/apply.ts';
import type { DryRun } from '../dry-run.ts';
import { lastGoodSchema as manifestsSchema } from '../last-good.ts';
import { maxBytes } from '../tree-limits.ts';

/** Rendered, files are repeated in places. */
const maxBodyBytes = 4 * maxBytes;
/** Longer than the dry run takes at most. */
const answerTimeoutMs = 10_000;
const outcomeSchema: z.ZodType<DryRun> = z.object({
  refused: z.array(z.object({ object: z.string(), reason: z.string() })),
  untried: z.array(z.string()),
});

/**
 * Has the hook of one push, which runs in a process without a way to the cluster, ask for a dry run while the push is under way: on a
 * socket in a folder that no other user can enter. Where the socket cannot be, the hook finds out.
 */
export async function withDryRunSocket<T>(
  dryRun: (manifests: Manifest[]) => Promise<DryRun>,
  push: (socket: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-dry-run-'));
  const socket = join(folder, 'socket');
  const server = createServer((asked, response) => {
    read(asked)
      .then(dryRun)
      .then(
        (outcome) => response.end(JSON.stringify(outcome)),
        (error: Error) => response.writeHead(500, { connection: 'close' }).end(error.message),
      );
  });
  try {
    server.listen(socket);
    await once(server, 'listening').catch(() => undefined); // a path may be too long for a socket
    return await push(socket);
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Never throws: a push is taken though nobody could be asked. */
export async function askForDryRun(socketPath: string, manifests: readonly Manifest[]): Promise<DryRun> {
  try {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    const asked = request({ socketPath, method: 'POST', signal });
    asked.on('error', () => undefined); // told below, unless the answer is there
    asked.end(JSON.stringify(manifests));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    if (answer.statusCode !== 200) throw new Error(`the lab answered with ${answer.statusCode}`);
    return outcomeSchema.parse(await json(answer));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { refused: [], untried: [`The lab could not be asked (${reason}).`] };
  }
}

async function read(asked: IncomingMessage): Promise<Manifest[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of asked as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error(`more than ${maxBodyBytes} bytes are not tried out`);
    chunks.push(chunk);
  }
  return manifestsSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
}
