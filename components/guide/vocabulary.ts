import { Check } from './check.tsx';
import { Diff } from './guide-diff.tsx';
import { Fault } from './guide-fault.tsx';
import { Signal } from './guide-signal.tsx';
import { Switch } from './guide-switch.tsx';
import { Trace } from './guide-trace.tsx';
import { Hint } from './hint.tsx';
import { Predict } from './predict.tsx';
import { Recap } from './recap.tsx';
import { Step } from './step.tsx';

/** All that a guide may use beside Markdown. Closed on purpose: writers of labs need to know nothing else. */
export const vocabulary = { Step, Predict, Check, Hint, Switch, Fault, Trace, Signal, Diff, Recap };
