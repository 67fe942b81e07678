import { newHome, removeHome, startClusterProcess, killed } from '../embedded/testing/cluster-process.ts';
import { conformance } from './suite.ts';

const home = newHome();
const cluster = await startClusterProcess(home);
try {
  await conformance(cluster.kubeconfig, 'embedded', process.env['CONFORMANCE_ONLY']);
} finally {
  await killed(cluster);
  removeHome(home);
}
