import { arch, platform, version } from 'node:process';
import { kubernetesVersion } from '../../kinds/kubernetes-version.ts';

const [major, minor] = kubernetesVersion.slice(1).split('.');

/** GET /version. kubectl compares it with its own. */
export const versionInfo = {
  major,
  minor,
  gitVersion: `${kubernetesVersion}+breakwater`,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '',
  goVersion: `node ${version}`,
  compiler: 'node',
  platform: `${platform}/${arch}`,
};
