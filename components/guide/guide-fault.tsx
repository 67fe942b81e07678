'use client';
import type { FaultRequest } from '../../server/contract/faults.ts';
import { useAction } from '../state/action.ts';
import { useSystem } from '../state/use-system.ts';
import { startFault, stopFault, useFaultKinds } from '../faults/fault-catalogue.ts';
import { withUnit } from '../faults/fault-words.ts';
import { targetName } from '../topology/edge-notes.ts';
import { Button } from '../ui/button.tsx';
import { seconds } from '../ui/quantity.ts';
import styles from './guide.module.css';

/** Kind, target and lease of a fault; every other attribute is a parameter of the kind. */
export type FaultProps = { kind: string; target: string; duration?: number; stop?: boolean } & Record<
  string,
  number | string | boolean | undefined
>;

/** A fault to start from the text; with `stop`, one that the step before has left to be stopped. */
export function Fault({ kind: id, target, duration, stop: toStop = false, ...parameters }: FaultProps) {
  const kind = useFaultKinds().find((each) => each.id === id);
  const active = useSystem('faults')?.find(
    (fault) => fault.state === 'active' && fault.kind === id && fault.target === target,
  );
  const blocked = useSystem('faultsBlocked') ?? false;
  const [start, starting] = useAction(startFault);
  const [stop, stopping] = useAction(stopFault);

  const numbers = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, Number(value)]));
  const wanted: FaultRequest = {
    kind: id,
    target,
    parameters: numbers,
    ...(duration === undefined ? {} : { duration }),
  };
  const name = `${kind?.title ?? id}: ${targetName(target)}`;
  const details = Object.entries(numbers).map(([key, value]) => {
    const parameter = kind?.parameters.find((each) => each.name === key);
    return parameter ? `${parameter.label.toLowerCase()} ${withUnit(value, parameter.unit)}` : `${key} ${value}`;
  });
  if (duration !== undefined) details.push(`for ${seconds(duration)} at most`);
  if (toStop && !active) {
    return (
      <div className={styles.action}>
        <Button disabled>✓ “{name}” is stopped</Button>
      </div>
    );
  }
  return (
    <div className={styles.action}>
      {active ? (
        <Button busy={stopping} onClick={() => void stop(active.id)}>
          Stop “{name}”
        </Button>
      ) : (
        <Button look="danger" busy={starting} disabled={blocked} onClick={() => void start(wanted)}>
          Start “{name}”
        </Button>
      )}
      <small>{details.join(', ')}</small>
    </div>
  );
}
