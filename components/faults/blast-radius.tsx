import { useId } from 'react';
import { NumberField } from '../ui/number-field.tsx';

export interface BlastRadiusProps {
  /** `one`, a number of pods as `2`, or a part of them as `50%`. */
  share: string;
  onChange: (share: string) => void;
}

/** What each way to say it begins with. */
const ways = { all: '100%', one: 'one', fixed: '2', percent: '50%' };

/** How many of the pods that a fault could hit it hits. */
export function BlastRadius({ share, onChange }: BlastRadiusProps) {
  const id = useId();
  const way = wayOf(share);
  const suffix = way === 'percent' ? '%' : '';
  return (
    <>
      <label htmlFor={id}>Blast radius</label>
      <select id={id} value={way} onChange={(event) => onChange(ways[event.target.value as keyof typeof ways])}>
        <option value="all">All pods</option>
        <option value="one">One pod</option>
        <option value="fixed">A number of pods</option>
        <option value="percent">A part of the pods</option>
      </select>
      {(way === 'fixed' || way === 'percent') && (
        <NumberField
          label={way === 'fixed' ? 'Pods hit' : 'Part of the pods'}
          unit={suffix || 'pods'}
          min={1}
          max={way === 'fixed' ? 100 : 99}
          value={Number.parseInt(share, 10)}
          onChange={(value) => onChange(`${Number.isNaN(value) ? '' : Math.round(value)}${suffix}`)}
        />
      )}
    </>
  );
}

function wayOf(share: string): keyof typeof ways {
  if (share === ways.all) return 'all';
  if (share === ways.one) return 'one';
  return share.endsWith('%') ? 'percent' : 'fixed';
}
