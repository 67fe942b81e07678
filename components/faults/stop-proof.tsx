'use client';
import { useAction } from '../state/action.ts';
import { useStore } from '../state/use-store.ts';
import { useSystem } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/quantity.ts';
import { releaseFaults, stopAllFaults, stopProof } from './stop-all.ts';
import styles from './faults.module.css';

/** After "stop all": what was stopped, that nothing is left, and the way to allow faults again. */
export function StopProof() {
  const blocked = useSystem('faultsBlocked') ?? false;
  const proof = useStore(stopProof, (result) => result);
  const [release, releasing] = useAction(releaseFaults);
  const [again, stopping] = useAction(stopAllFaults);
  if (!blocked && !proof?.blocked) return null;

  const left = proof?.remaining ?? [];
  return (
    <div className={styles.proof} data-left={left.length > 0} role="status">
      <b>{left.length > 0 ? 'Something is still acting' : 'All faults are stopped'}</b>
      <span>
        {left.length > 0
          ? `The cluster still reports ${left.join(', ')}.`
          : `${proof ? `${plural(proof.stopped.length, 'fault')} stopped, nothing is left in the cluster. ` : ''}New faults are blocked until you release them.`}
      </span>
      {left.length > 0 && (
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
