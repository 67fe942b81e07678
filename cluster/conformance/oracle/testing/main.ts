import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KubeConfig } from '@kubernetes/client-node';
import { killed, newHome, removeHome, startClusterProcess } from '../../../embedded/testing/cluster-process.ts';
import { Api } from '../../api.ts';
import { ok } from '../../expect.ts';
import { judge, knownDifferences } from '../compare.ts';
import { readRecording, writeRecording } from '../recording.ts';
import { replay } from '../replay.ts';
import { report } from '../report.ts';
import { scenarios } from '../request-list.ts';

/**
 * `npm run oracle -- --kubeconfig FILE`: the same requests to a real cluster and to an embedded one; with `--record`, the real answers are kept.
 * Without a kubeconfig the embedded one is held against those.
 */
const { values } = parseArgs({ options: { kubeconfig: { type: 'string' }, record: { type: 'boolean' } } });
const { kubeconfig } = values;
if (kubeconfig ? !existsSync(kubeconfig) : values.record) {
  console.error('Say which real cluster: npm run oracle -- --kubeconfig FILE, with --record to keep what it answers.');
  process.exit(2);
}
const all = scenarios();
const real = kubeconfig ? await replay(kubeconfig, all) : readRecording();
if (kubeconfig && values.record) writeRecording(real, await versionOf(kubeconfig));
const home = newHome();
const cluster = await startClusterProcess(home);
try {
  const verdict = judge(real, await replay(cluster.kubeconfig, all), knownDifferences());
  const lines = report(verdict);
  console.warn(
    [...lines, `${real.size} requests, ${lines.length} differences, ${verdict.explained} more explained`].join('\n'),
  );
  process.exitCode = lines.length > 0 ? 1 : 0;
} finally {
  await killed(cluster);
  removeHome(home);
}

async function versionOf(file: string): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(file);
  return ok(await new Api(config).get('/version')).gitVersion;
}
