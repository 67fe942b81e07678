import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { S3Client } from '@aws-sdk/client-s3';

/** A store to test, ours or a real one. */
export interface RunningStore {
  url: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  client(more?: object): S3Client;
}

/** Our own, as a process: as its container would run it. */
export interface OwnStore extends RunningStore {
  folder: string;
  process: ChildProcess;
  /** Ends it by a signal, and resolves when it is gone. What it stored stays. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same folder, at another address. */
  restart(): Promise<OwnStore>;
  /** Ends it for good. */
  remove(): Promise<void>;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test-secret' };

export async function startStore(environment: Record<string, string> = {}, folder?: string): Promise<OwnStore> {
  folder ??= await mkdtemp(join(tmpdir(), 'object-store-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts'), 'server', folder], {
    env: {
      NODE_COMPILE_CACHE: join(tmpdir(), 'object-store-compile-cache'),
      MINIO_ROOT_USER: credentials.accessKeyId,
      MINIO_ROOT_PASSWORD: credentials.secretAccessKey,
      OBJECT_STORE_PORT: '0',
      ...environment,
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, found] = /API: http:\S+:(\d+)/.exec(line) ?? [];
      if (found) resolve(found);
    });
    void exited.then(() => reject(new Error('the object store ended')));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    ...storeAt(`http://localhost:${port}`, credentials),
    folder,
    process: child,
    end,
    restart: () => startStore(environment, folder),
    async remove() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function storeAt(url: string, credentials: RunningStore['credentials'], region = 'us-east-1'): RunningStore {
  return {
    url,
    region,
    credentials,
    client: (more) => new S3Client({ endpoint: url, region, forcePathStyle: true, credentials, ...more }),
  };
}
