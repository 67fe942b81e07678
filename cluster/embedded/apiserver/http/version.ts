import { arch, platform, version } from 'node:process';

/** The version of the Kubernetes API that this server follows. */
export const kubernetesVersion = 'v1.33.0';

/** GET /version. kubectl compares it with its own. */
export const versionInfo = {
  major: '1',
  minor: '33',
  gitVersion: `${kubernetesVersion}+breakwater`,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '',
  goVersion: `node ${version}`,
  compiler: 'node',
  platform: `${platform}/${arch}`,
};
