/** One element that a guide may use beside Markdown. */
interface GuideElement {
  name: string;
  /** What it must be given, and what it may be given. */
  needs: string[];
  may: string[];
  /** The learner does something with it: what stands before the first of these is to be short. */
  action: boolean;
  means: string;
}

const element = (name: string, needs: string[], may: string[], means: string, action = false): GuideElement => {
  return { name, needs, may, action, means };
};

/** All of them. Closed on purpose: writers of labs need to know nothing else. components/guide/vocabulary.ts draws each. */
export const guideVocabulary: GuideElement[] = [
  element('Step', ['id'], [], 'One step, with the id it has in lab.yaml; the page shows one at a time.'),
  element('Predict', [], [], 'The prediction of the step.', true),
  element(
    'After',
    [],
    ['predict', 'check', 'answer'],
    'What may be read only after the prediction is locked, a check (by id) is met, or a question (by id) is answered.',
  ),
  element('Check', ['id'], [], 'A check of the step, which ticks by itself.'),
  element('Hint', [], [], 'The hints of the step, opened one by one, and “Show me”.'),
  element('Load', [], [], 'A button that sets the load to that of the step’s change.', true),
  element('Switch', ['pattern'], ['option'], 'A pattern’s switch; with an option, the one button that sets it.', true),
  element('Fault', [], [], 'A button for each fault that the step’s change starts or stops.', true),
  element(
    'Trace',
    ['name'],
    ['over'],
    'Opens the newest trace of that name; with over, of those that took longer, as over="1s".',
    true,
  ),
  element(
    'Signal',
    ['id'],
    [],
    'Live rate, p95 and errors of a signal: a service, a call, `customer`, or one of their operations.',
  ),
  element('Pool', ['service'], [], 'The pools of a service: their slots, filling, and who waits.'),
  element('Queue', ['of'], [], 'A queue of the broker, of="rabbitmq>payments": the messages that wait in it, drawn.'),
  element('Value', ['of'], [], 'The live value of an expression, within a sentence.'),
  element('Diff', ['pattern'], [], 'Opens the YAML diff of a pattern.', true),
  element('Ask', ['id'], [], 'A question of the step, to be answered from what the page shows.', true),
  element('Recap', [], [], 'Opens the recap: chart, table and ledger of the learner’s own run.', true),
];
