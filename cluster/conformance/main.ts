import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { conformance } from './suite.ts';

/** `npm run conformance -- --kubeconfig FILE`: every case against the cluster of the file's current context; with `--only WORDS`, some. */
const { values } = parseArgs({
  options: { kubeconfig: { type: 'string' }, embedded: { type: 'boolean' }, only: { type: 'string' } },
});
const { kubeconfig } = values;
if (!kubeconfig || !existsSync(kubeconfig)) {
  console.error(
    kubeconfig
      ? `There is no file ${kubeconfig}. Name the kubeconfig of a running cluster.`
      : 'Say which cluster: npm run conformance -- --kubeconfig FILE, with --embedded where it is an embedded one.',
  );
  process.exit(2);
}
await conformance(kubeconfig, values.embedded ? 'embedded' : 'real', values.only);
