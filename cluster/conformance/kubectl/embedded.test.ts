import { test } from 'node:test';
import { killed, newHome, removeHome, startClusterProcess } from '../../embedded/testing/cluster-process.ts';
import { supportedBinaries } from './kubectl.ts';
import { kubectlMatrix } from './suite.ts';

const all = supportedBinaries();
/** Of many the oldest and the newest, between which the protocols of streams and bodies changed: all take two minutes (`npm run kubectl-matrix`). */
const binaries = all.length > 2 ? [all[0]!, all.at(-1)!] : all;
if (binaries.length === 0) {
  test('kubectl', { skip: 'there is no kubectl of 1.29 or later on this machine' });
} else {
  const home = newHome();
  const cluster = await startClusterProcess(home);
  try {
    await kubectlMatrix(cluster.kubeconfig, binaries, ['metrics']);
  } finally {
    await killed(cluster);
    removeHome(home);
  }
}
