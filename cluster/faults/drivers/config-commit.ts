import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../embedded/kinds/types.ts';
import { answerIn, nothingWanted, wantedCommit, type CommitAnswer, type ConfigCommit } from '../config-commit.ts';
import { isOver } from '../fault-object.ts';
import { settingsOf } from './deployment-settings.ts';
import { patienceMs, type Driver, type DriverType, type Surroundings, type Unreached } from './driver.ts';
import { reportPodsWith } from './pods-with-edit.ts';

const keeper = 'the lab server, which keeps the desired state,';
const lookMs = 20;
/** A revert is rendered before it is committed, which takes half a second where the processors are free. */
const revertMs = 900;

/**
 * Commits to the desired state. Whoever keeps that makes the commit and reverts it, by its own lease where the cluster is gone; the two speak
 * through annotations of the Fault, so that either may die meanwhile.
 */
export const configCommit: DriverType = {
  cannotHit: (pod, what) => {
    const none = settingsOf(pod, (what as ConfigCommit).settingPercent).length === 0;
    return none ? 'its environment has no number that could be changed' : null;
  },
  start,
};

function start({ api, note, report }: Surroundings): Driver {
  const faultOf = async (id: string): Promise<Fault | undefined> =>
    (await api.list('Fault')).items.find(({ metadata }) => metadata.uid === id);

  /** Says what is wanted, and waits a moment for an answer that is one to that. */
  async function ask(id: string, wanted: string, isAnswer: (answer: CommitAnswer) => boolean, ms = patienceMs) {
    const deadline = performance.now() + ms;
    for (;;) {
      const fault = await faultOf(id);
      if (!fault) return null;
      const { name, namespace, annotations } = fault.metadata;
      if (annotations?.[wantedCommit] !== wanted) {
        await api.patch('Fault', name, namespace, { metadata: { annotations: { [wantedCommit]: wanted } } });
      }
      const answer = answerIn(annotations);
      if (answer && isAnswer(answer)) return answer;
      if (performance.now() >= deadline) return null;
      await delay(lookMs);
    }
  }

  return {
    async carryOut({ id, what, pods }) {
      const answer = await ask(id, JSON.stringify(what), ({ state }) => state !== 'gone');
      const missed = (why: string, forGood = false) =>
        pods.map(({ metadata }): Unreached => ({ pod: metadata.name, why, forGood }));
      if (!answer) return missed(`${keeper} has not answered for ${patienceMs} ms`);
      if (answer.state === 'refused') return missed(answer.reason, true);
      if (answer.state === 'gone') return [];
      await note(id, [{ ...answer.edit, ...(answer.state === 'undone' && { undone: true }) }]);
      reportPodsWith([answer.edit], pods, (reading) => report(id, reading));
      return [];
    },
    async undo(id) {
      const fault = await faultOf(id);
      // One that was never wanted has never been made, and what is gone altogether is its keeper's to find.
      if (!fault?.metadata.annotations?.[wantedCommit]) return [];
      return (await ask(id, nothingWanted, ({ state }) => state === 'gone', revertMs)) ? [] : [keeper];
    },
    async acting() {
      const standing = (await api.list('Fault')).items.filter(({ metadata, status }) => {
        return !isOver(status?.phase) && answerIn(metadata.annotations)?.state === 'made';
      });
      return { ids: standing.map(({ metadata }) => metadata.uid!), silent: [] };
    },
  };
}
