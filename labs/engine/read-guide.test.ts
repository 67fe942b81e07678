import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { disagreements, wordsBeforeAction, elementsIn, MAX_WORDS } from './guide-agreement.ts';
import { LabError } from './problem.ts';
import { readGuide } from './read-guide.ts';
import { readLab } from './read-lab.ts';

const text = (file: string) => readFileSync(new URL(`../04-circuit-breaker/${file}`, import.meta.url), 'utf8');
const guide = text('guide.mdx');
const lab = readLab('04-circuit-breaker', text('lab.yaml'));

test('a guide becomes a tree of text, tags and elements', () => {
  assert.deepEqual(readGuide('x', '<Step id="a">\n\nOne **two**.\n\n</Step>'), [
    {
      tag: 'Step',
      line: 1,
      props: { id: 'a' },
      children: [
        '\n',
        {
          ...{ tag: 'p', line: 3, props: {} },
          children: ['One ', { tag: 'strong', line: 3, props: {}, children: ['two'] }, '.'],
        },
        '\n',
      ].filter((node) => node !== '\n'),
    },
  ]);
});

for (const [what, source, message] of [
  ['an element that is not in the vocabulary', '\n<Video src="x" />', /Video/],
  ['an attribute that it does not have', '\n<Check id="a" colour="red" />', /colour/],
  ['a missing attribute', '\n<Check />', /needs id/],
  ['code in braces', '\nIt is {process.exit(1)}.', /no code/],
  ['code in an attribute', '\n<Check id={1 + 1} />', /quotes/],
  ['a spread of code', '\n<Check {...globalThis} />', /Check/],
  ['an import', "\nimport fs from 'node:fs'", /imports/],
  ['raw HTML', '\n<script>alert(1)</script>', /script/],
  ['an image, which comes from elsewhere', '\n![x](http://elsewhere.example/x.png)', /img/],
  ['what is not closed', '\n<Step id="a">', /./],
] as const) {
  test(`${what} is refused with its line`, () => {
    assert.throws(
      () => readGuide('04-x', source),
      (error) =>
        error instanceof LabError &&
        error.problems[0]!.line >= 2 - Number(what.includes('closed')) &&
        message.test(error.message),
    );
  });
}

test('a link that is no address of the web leads nowhere', () => {
  assert.deepEqual(
    elementsIn(readGuide('x', '[a](javascript:alert(1)) [b](https://b.example)'), 'a').map(({ props }) => props),
    [{}, { href: 'https://b.example' }],
  );
});

for (const [what, part, by, message] of [
  ['a check that is not shown', '<Check id="breaker-open" />', '', /Check id="breaker-open"/],
  ['a check of another step', '<Check id="breaker-open" />', '<Check id="false-trip" />', /no "false-trip"/],
  [
    'a switch that is not offered',
    '<Switch pattern="timeout" option="500ms" />',
    '',
    /needs <Switch pattern="timeout"/,
  ],
  ['a fault that is not offered', '<Fault />', '', /<Fault> once/],
  ['a step that is not in lab.yaml', '<Step id="heal">', '<Step id="mend">', /no step "mend"/],
  ['too many words', 'Payments waits', `${'word '.repeat(MAX_WORDS)}waits`, /words stand before/],
] as const) {
  test(`guide and lab.yaml must agree: ${what}`, () => {
    const found = disagreements(lab, readGuide('04-x', guide.replace(part, by)));
    assert.ok(
      found.some((each) => message.test(each.message)),
      JSON.stringify(found),
    );
  });
}

test('the shipped guide agrees, and comes to the point', () => {
  const tree = readGuide('04-circuit-breaker', guide);
  assert.deepEqual(disagreements(lab, tree), []);
  for (const step of elementsIn(tree, 'Step')) assert.ok(wordsBeforeAction(step) > 0);
});
