import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { killed, newHome, removeHome, startClusterProcess } from '../../embedded/testing/cluster-process.ts';
import { judge, knownDifferences } from './compare.ts';
import { readRecording } from './recording.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { scenarios } from './request-list.ts';

test('the embedded cluster answers as a recorded API server of Kubernetes did, but for what differences.yaml explains', async () => {
  const home = newHome();
  const cluster = await startClusterProcess(home);
  try {
    const embedded = await replay(cluster.kubeconfig, scenarios());
    const real = readRecording();
    deepEqual([...embedded.keys()].sort(), [...real.keys()].sort(), 'the recording has other requests: record anew');
    deepEqual(report(judge(real, embedded, knownDifferences())), []);
  } finally {
    await killed(cluster);
    removeHome(home);
  }
});
