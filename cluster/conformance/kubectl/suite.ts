import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { everydayCommands } from './commands.ts';
import { Kubectl, type Binary } from './kubectl.ts';

/** What a cluster has beside Kubernetes itself. */
export type Extra = 'metrics';

/**
 * Registers every command as a test, for each kubectl, against the cluster of a kubeconfig. Each kubectl has a namespace of its own; of one, a command
 * comes after the other.
 */
export async function kubectlMatrix(kubeconfig: string, binaries: Binary[], extras: Extra[]): Promise<void> {
  await test('kubectl', { concurrency: 2 }, async (suite) => {
    await Promise.all(binaries.map((binary) => suite.test(binary.minor, (t) => matrixOf(binary, t))));
  });

  async function matrixOf(binary: Binary, t: Parameters<NonNullable<Parameters<typeof test>[0]>>[0]): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
    const namespace = `kubectl-${binary.minor.replaceAll(/\W/g, '-')}-${Math.random().toString(36).slice(2, 8)}`;
    const kubectl = new Kubectl(binary, kubeconfig, namespace, folder);
    await kubectl.run(`create namespace ${namespace}`);
    try {
      for (const { title, needs, run } of everydayCommands) {
        const skip = needs && !extras.includes(needs) && `the cluster serves no ${needs}`;
        await t.test(title, { skip }, () => run(kubectl));
      }
    } finally {
      await kubectl.end(`delete namespace ${namespace} --wait=false`);
      rmSync(folder, { recursive: true });
    }
  }
}
