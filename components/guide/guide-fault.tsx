'use client';
import type { FaultRequest } from '../../server/contract/faults.ts';
import { useAction } from '../state/action.ts';
import { useSystem } from '../state/use-system.ts';
import { startFault, stopFault, useFaultKinds } from '../faults/fault-catalogue.ts';
import { withUnit } from '../faults/fault-words.ts';
import { releaseFaults } from '../faults/stop-all.ts';
import { targetName } from '../topology/edge-notes.ts';
import { Button } from '../ui/button.tsx';
import { seconds } from '../ui/quantity.ts';
import { useRun } from './lab-context.tsx';
import styles from './guide.module.css';

/** The faults that the step starts, and those of the steps before that it stops. */
export function Fault() {
  const { offers, baseline } = useRun();
  const { start, stop } = offers;
  return (
    <>
      {start.map((wanted) => (
        <OneFault
          key={`${wanted.kind} ${wanted.target}`}
          wanted={wanted}
          toStop={false}
          tooEarly={baseline === 'measuring'}
        />
      ))}
      {stop.map((wanted) => (
        <OneFault key={`${wanted.kind} ${wanted.target}`} wanted={wanted} toStop tooEarly={false} />
      ))}
    </>
  );
}

/** @param tooEarly the shop is still being measured at rest, which the checks compare with */
function OneFault({ wanted, toStop, tooEarly }: { wanted: FaultRequest; toStop: boolean; tooEarly: boolean }) {
  const { kind: id, target, parameters = {}, duration } = wanted;
  const kind = useFaultKinds().find((each) => each.id === id);
  const active = useSystem('faults')?.find(
    (fault) => fault.state === 'active' && fault.kind === id && fault.target === target,
  );
  const blocked = useSystem('faultsBlocked') ?? false;
  const [start, starting] = useAction(async () => {
    if (active) await stopFault(active.id);
    return startFault(wanted);
  });
  const [stop, stopping] = useAction(stopFault);
  const [release, releasing] = useAction(releaseFaults);

  const name = `${kind?.title ?? id}: ${targetName(target)}`;
  const details = Object.entries(parameters).map(([key, value]) => {
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
  const isAsWanted = Object.entries(parameters).every(([key, value]) => active?.parameters[key] === value);
  const waitsFor = active
    ? null
    : blocked
      ? 'All faults were stopped, and none starts before that is released.'
      : tooEarly
        ? 'The shop is measured at rest first: a few seconds.'
        : null;
  return (
    <div className={styles.action}>
      {active && (toStop || (isAsWanted && !starting)) ? (
        <Button busy={stopping} onClick={() => void stop(active.id)}>
          Stop “{name}”
        </Button>
      ) : (
        <Button look="danger" busy={starting} disabled={blocked || tooEarly} onClick={() => void start()}>
          {active ? 'Change' : 'Start'} “{name}”
        </Button>
      )}
      <small>{waitsFor ?? details.join(', ')}</small>
      {blocked && !active && (
        <Button busy={releasing} onClick={() => void release()}>
          Release
        </Button>
      )}
    </div>
  );
}
