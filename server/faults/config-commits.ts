import type { Cluster } from '../../cluster/client/cluster.ts';
import { isNotFound } from '../../cluster/client/errors.ts';
import {
  answerIn,
  commitAnswer,
  nothingWanted,
  wantedCommit,
  type CommitAnswer,
  type ConfigCommit,
} from '../../cluster/faults/config-commit.ts';
import { secondsOf } from '../../cluster/faults/duration.ts';
import { faultVersion, isOver } from '../../cluster/faults/fault-object.ts';
import type { DesiredState } from '../desired-state/desired-state.ts';
import { faultCommits, makeFaultCommit, stands, takeBack, type FaultCommit } from '../desired-state/fault-commits.ts';
import { CodedError } from '../errors.ts';
import type { FaultObject } from './fault-view.ts';

export interface ConfigCommitsOptions {
  cluster: Pick<Cluster, 'watch' | 'patch'>;
  desired: DesiredState;
  /** The desired state is another one now. */
  onChange: () => void;
  onProblem: (error: unknown) => void;
}

/** So often it is seen whether a lease is over, or somebody has reverted a commit. */
const lookMs = 500;

type Asking = FaultObject & { metadata: { uid?: string; annotations?: Record<string, string> } };

/**
 * Makes the commits that faults want, and reverts each at its end, by the Faults there are and the commits there are: so it does not matter
 * who has died meanwhile, and when. A commit whose Fault is gone is reverted too.
 */
export class ConfigCommits {
  readonly #options: ConfigCommitsOptions;
  readonly #watched: { list(): Asking[]; stop(): void };
  readonly #timer: NodeJS.Timeout;
  /** When the lease of each is over, by the monotonic clock. */
  readonly #leaseEnds = new Map<string, number>();
  /** By fault: those that this process has made, and those that were there when it began. */
  #commits: Map<string, FaultCommit> | null = null;
  /** The commit by which it was last seen whether they stand. */
  #seen: string | undefined;
  /** What was answered, by fault: the watch tells of it a moment later. */
  readonly #answers = new Map<string, CommitAnswer>();
  #heard = false;
  #looking = false;
  #again = false;
  #closed = false;

  constructor(options: ConfigCommitsOptions) {
    this.#options = options;
    this.#watched = options.cluster.watch<Asking>(faultVersion, 'Fault', {
      changed: () => {
        this.#heard = true;
        this.#look();
      },
      connected: () => undefined,
    });
    this.#timer = setInterval(() => this.#look(), lookMs);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#watched.stop();
  }

  /** One look at a time, and another one where something has changed meanwhile. */
  #look(): void {
    this.#again = true;
    if (this.#looking || !this.#heard || this.#closed) return;
    this.#looking = true;
    this.#again = false;
    this.#reconcile()
      .catch((error: unknown) => !this.#closed && this.#options.onProblem(error))
      .finally(() => {
        this.#looking = false;
        if (this.#again && !this.#closed) this.#look();
      });
  }

  async #reconcile(): Promise<void> {
    const { desired } = this.#options;
    const faults = this.#watched.list().filter(({ metadata }) => metadata.annotations?.[wantedCommit]);
    const commits = (this.#commits ??= await faultCommits(desired));
    for (const uid of this.#answers.keys()) {
      if (faults.every((fault) => fault.metadata.uid !== uid)) this.#forget(uid);
    }
    for (const [uid, commit] of commits) {
      if (faults.some((fault) => fault.metadata.uid === uid && !this.#isDue(fault))) continue;
      if (await takeBack(desired, commit)) this.#options.onChange();
      commits.delete(uid);
    }
    const head = desired.history[0]?.id;
    const isNews = head !== this.#seen;
    this.#seen = head;
    for (const fault of faults) {
      const { uid = '', annotations } = fault.metadata;
      const answer = this.#answers.get(uid) ?? answerIn(annotations);
      const commit = commits.get(uid);
      if (this.#isDue(fault)) {
        if (answer?.state !== 'gone') await this.#answer(fault, { state: 'gone' });
      } else if (!commit) {
        if (!answer) await this.#answer(fault, await this.#make(fault, commits));
      } else if (isNews && answer?.state === 'made' && !(await stands(desired, commit))) {
        await this.#answer(fault, { state: 'undone', edit: answer.edit });
      }
    }
  }

  #forget(uid: string): void {
    this.#answers.delete(uid);
    this.#leaseEnds.delete(uid);
  }

  /** Nobody wants it any more, or its lease is over. */
  #isDue({ metadata: { uid = '', deletionTimestamp, annotations }, spec, status }: Asking): boolean {
    if (deletionTimestamp || annotations?.[wantedCommit] === nothingWanted || isOver(status?.phase)) return true;
    const wholeMs = (secondsOf(spec.duration) ?? 0) * 1_000;
    const leftMs = status?.endsAt ? Math.min(wholeMs, Date.parse(status.endsAt) - Date.now()) : wholeMs;
    if (!this.#leaseEnds.has(uid)) this.#leaseEnds.set(uid, performance.now() + leftMs);
    return performance.now() >= this.#leaseEnds.get(uid)!;
  }

  async #make(
    { metadata: { uid = '', annotations }, spec }: Asking,
    commits: Map<string, FaultCommit>,
  ): Promise<CommitAnswer> {
    const { settingPercent } = JSON.parse(annotations![wantedCommit]!) as ConfigCommit;
    const wish = { service: spec.target.service ?? '', percent: settingPercent, seed: uid };
    try {
      const { commit, edit } = await makeFaultCommit(this.#options.desired, uid, wish);
      commits.set(uid, commit);
      this.#options.onChange();
      return { state: 'made', edit };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return { state: 'refused', reason: error.message.replace(/\.$/, '') };
    }
  }

  async #answer({ metadata: { uid = '', name, namespace } }: Asking, answer: CommitAnswer): Promise<void> {
    this.#answers.set(uid, answer);
    const fault = { apiVersion: faultVersion, kind: 'Fault', metadata: { name, ...(namespace && { namespace }) } };
    const annotations = { [commitAnswer]: JSON.stringify(answer) };
    await this.#options.cluster.patch(fault, { metadata: { annotations } }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // it has ended meanwhile
    });
  }
}
