'use client';
import { useCommands } from '../commands/command.ts';
import { useAction } from '../state/action.ts';
import { useSystem } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { proofWords } from './fault-words.ts';
import { releaseFaults, useStopAllFaults, useStopProof } from './stop-all.ts';
import styles from './faults.module.css';

/** While new faults are blocked: what "stop all" stopped, what is left if anything, and the way to allow faults again. */
export function StopProof() {
  const blocked = useSystem('faultsBlocked') ?? false;
  const proof = useStopProof();
  const [release, releasing] = useAction(releaseFaults);
  const [again, stopping] = useAction(useStopAllFaults());
  useCommands([
    {
      ...{ id: 'release', label: 'Release: faults may begin again', group: 'Faults' },
      when: () => blocked,
      run: () => void release(),
    },
  ]);
  if (!blocked) return null;

  const left = proof !== null && proof.remaining.length > 0;
  const { title, detail } = proofWords(proof);
  return (
    <div className={styles.proof} data-left={left} role="status">
      <b>{title}</b>
      <span>{detail}</span>
      {left && (
        <Button look="danger" busy={stopping} onClick={() => void again()}>
          Stop again
        </Button>
      )}
      <Button busy={releasing} onClick={() => void release()}>
        Release
      </Button>
    </div>
  );
}
