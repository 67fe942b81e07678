import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { installedBinaries, supportedBinaries } from './kubectl.ts';
import { kubectlMatrix } from './suite.ts';

/** `npm run kubectl-matrix -- --kubeconfig FILE [--minor 1.29] [--metrics]`: everyday commands with every kubectl of this machine. */
const { values } = parseArgs({
  options: { kubeconfig: { type: 'string' }, minor: { type: 'string' }, metrics: { type: 'boolean' } },
});
if (!values.kubeconfig || !existsSync(values.kubeconfig)) {
  console.error(
    'Say which cluster: npm run kubectl-matrix -- --kubeconfig FILE, with --metrics where it serves metrics.k8s.io.',
  );
  process.exit(2);
}
const binaries = values.minor ? installedBinaries().filter(({ minor }) => minor === values.minor) : supportedBinaries();
if (binaries.length === 0) {
  console.error('There is no such kubectl on this machine: install one of 1.29 or later into the PATH.');
  process.exit(2);
}
await kubectlMatrix(values.kubeconfig, binaries, values.metrics ? ['metrics'] : []);
