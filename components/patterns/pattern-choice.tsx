import type { Pattern } from '../../server/contract/patterns.ts';
import { NumberSlider } from '../ui/number-slider.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Switch } from '../ui/switch.tsx';
import { isSwitch } from './pattern-groups.ts';
import styles from './patterns.module.css';

export interface PatternChoiceProps {
  pattern: Pattern;
  /** What is shown as chosen: the wish, until the system has it. */
  selected: string;
  describedBy: string | undefined;
  onChoose: (option: string) => void;
}

/** A slider for a number, a switch for off and one other option, buttons in a row for more. */
export function PatternChoice({ pattern, selected, describedBy, onChoose }: PatternChoiceProps) {
  const { title, options, number } = pattern;
  if (number) {
    const choose = (value: number) => onChoose(String(value));
    return (
      <div className={styles.number}>
        <NumberSlider {...number} label={title} value={Number(selected)} describedBy={describedBy} onApply={choose} />
      </div>
    );
  }
  if (!isSwitch(pattern)) return <Segmented label={title} segments={options} selected={selected} onSelect={onChoose} />;
  const [off, on] = options;
  return (
    <Switch
      label={title}
      checked={selected !== off?.id}
      describedBy={describedBy}
      onChange={(checked) => onChoose(checked ? on!.id : off!.id)}
    />
  );
}
