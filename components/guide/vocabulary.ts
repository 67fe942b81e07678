import type { ComponentType, ReactNode } from 'react';
import { After } from './after.tsx';
import { Ask } from './ask.tsx';
import { Check } from './check.tsx';
import { Diff } from './guide-diff.tsx';
import { Fault } from './guide-fault.tsx';
import { Load } from './guide-load.tsx';
import { Signal } from './guide-signal.tsx';
import { Switch } from './guide-switch.tsx';
import { Trace } from './guide-trace.tsx';
import { Hint } from './hint.tsx';
import { Pool } from './pool.tsx';
import { Predict } from './predict.tsx';
import { Queue } from './queue.tsx';
import { Recap } from './recap.tsx';
import { Step } from './step.tsx';
import { Value } from './value.tsx';

/** What draws each element of the guides' vocabulary. labs/engine/guide-vocabulary.ts says what each is for. */
const elements = {
  ...{ Step, Predict, After, Check, Hint, Load, Switch, Fault, Trace, Signal, Pool, Queue, Value, Diff, Ask, Recap },
};

/** Attributes are strings; the server has seen to it that each element has those it needs. */
export const vocabulary = elements as unknown as Record<string, ComponentType<{ children?: ReactNode }> | undefined>;
