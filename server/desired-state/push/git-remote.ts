import type { DesiredState } from '../desired-state.ts';
import { withDryRunSocket } from './dry-run-socket.ts';
import { gitBackend, type GitAnswer, type GitBackendOptions, type GitRequest } from './git-backend.ts';

export interface GitRemoteOptions extends GitBackendOptions {
  desired: DesiredState;
  /** A push has been taken in, and is another state. */
  onChange: () => void;
}

/** The desired state as others clone it and push to it. */
export class GitRemote {
  readonly #options: GitRemoteOptions;

  constructor(options: GitRemoteOptions) {
    this.#options = options;
  }

  /** Throws CodedError `too-many-switches`, `git-missing` or `git-failed`. */
  async answer(request: GitRequest): Promise<GitAnswer> {
    const { desired, onChange } = this.#options;
    if (request.path !== '/git-receive-pack') return gitBackend(this.#options, request);
    const { changed, outcome } = await desired.receive(() =>
      withDryRunSocket(
        (manifests) => desired.dryRun(manifests),
        (dryRunSocket) => gitBackend({ ...this.#options, dryRunSocket }, request),
      ),
    );
    if (changed) onChange();
    return outcome;
  }
}
