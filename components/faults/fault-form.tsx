'use client';
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import type { FaultKind } from '../../server/contract/faults.ts';
import { useAction } from '../state/action.ts';
import { targetName } from '../topology/edge-notes.ts';
import { Button } from '../ui/button.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { BlastRadius } from './blast-radius.tsx';
import { startFault, useCatalogueRefresh } from './fault-catalogue.ts';
import { isOnePod, startValues, targetNow } from './fault-words.ts';
import styles from './faults.module.css';

export interface FaultFormProps {
  kind: FaultKind;
  /** New faults are refused since "stop all". */
  blocked: boolean;
  /** What is selected in the topology. */
  selection: string;
}

/** Target, numbers and lease of one kind of fault. The target follows the selection in the topology. */
export function FaultForm({ kind, blocked, selection }: FaultFormProps) {
  const [values, setValues] = useState(() => startValues(kind.parameters));
  const [duration, setDuration] = useState(kind.duration.default);
  const [share, setShare] = useState(kind.share);
  const [chosen, setChosen] = useState({ target: '', under: '' });
  const [start, busy] = useAction(startFault);
  const refresh = useCatalogueRefresh();
  const id = useId();

  const target = targetNow(kind, selection, chosen);
  const lasting = kind.duration.max > 0;
  const many = share !== null && !isOnePod(kind, target);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = {
      kind: kind.id,
      target,
      parameters: values,
      ...(many ? { share } : {}),
      ...(lasting ? { duration } : {}),
    };
    // A second start means the same service, though this may end the pod that it acts on.
    setChosen({ target, under: selection });
    // Refused or not, what can be acted on may be other than it was.
    void start(wanted).then(refresh);
  };

  return (
    <form className={styles.form} onSubmit={submit} aria-label={kind.title}>
      <label htmlFor={`${id}-target`}>Target</label>
      <select
        id={`${id}-target`}
        value={target}
        onChange={(event) => setChosen({ target: event.target.value, under: selection })}
      >
        {target === '' && (
          <option value="" disabled>
            {kind.targets.length > 0 ? 'Choose a target' : 'Nothing to act on now'}
          </option>
        )}
        <TargetOptions names={kind.targets} />
        {kind.otherTargets.map(({ kind: other, names }) => (
          <optgroup key={other} label={other === 'pod' ? 'A single pod' : `Pods of a ${other}`}>
            <TargetOptions names={names} />
          </optgroup>
        ))}
      </select>
      {kind.parameters.map((parameter) => (
        <NumberField
          key={parameter.name}
          {...parameter}
          value={values[parameter.name] ?? parameter.default}
          onChange={(value) => setValues({ ...values, [parameter.name]: value })}
        />
      ))}
      {many && <BlastRadius share={share} onChange={setShare} />}
      {lasting && (
        <NumberField
          label="Ends by itself after"
          unit="s"
          min={1}
          max={kind.duration.max}
          value={duration}
          onChange={setDuration}
        />
      )}
      <Button type="submit" look="danger" busy={busy} disabled={blocked || target === ''}>
        Start fault
      </Button>
      {blocked && <small>New faults are blocked since “Stop all”. Release them first.</small>}
    </form>
  );
}

function TargetOptions({ names }: { names: readonly string[] }) {
  return names.map((name) => (
    <option key={name} value={name}>
      {targetName(name)}
    </option>
  ));
}
