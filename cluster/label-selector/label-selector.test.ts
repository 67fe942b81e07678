import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLabelSelector, requirementHolds } from './label-selector.ts';

const all: Record<string, Record<string, string>> = {
  a: { app: 'web', tier: 'front' },
  b: { app: 'api' },
  c: {},
};
const selected = (selector: string) => {
  const requirements = parseLabelSelector(selector);
  return Object.keys(all).filter((name) => requirements.every((each) => requirementHolds(each, all[name]!)));
};

describe('a label selector', () => {
  const cases: [string, string[]][] = [
    ['app=web', ['a']],
    ['app == web', ['a']],
    ['app!=web', ['b', 'c']],
    ['app in (web, api)', ['a', 'b']],
    ['app notin(web)', ['b', 'c']],
    ['app', ['a', 'b']],
    ['! app', ['c']],
    ['app in (web,api),tier=front', ['a']],
    ['tier=', []],
    ['app>1', []],
    ['', ['a', 'b', 'c']],
    ['constructor', []],
  ];
  for (const [selector, names] of cases) {
    it(`"${selector}" selects ${names.join(' and ') || 'nothing'}`, () => deepEqual(selected(selector), names));
  }

  for (const selector of ['=web', 'app in web', 'app=a b', 'app,a b', '!', 'app(x)', 'a>b', 'app=web,,x', 'app=web,']) {
    it(`"${selector}" cannot be read`, () => {
      throws(() => parseLabelSelector(selector), { code: 'SelectorMalformed', message: /cannot be read at/ });
    });
  }

  it('compares whole numbers', () => {
    const [requirement] = parseLabelSelector('size > 4');
    deepEqual(
      ['5', '4', '-5', 'five'].map((size) => requirementHolds(requirement!, { size })),
      [true, false, false, false],
    );
    equal(requirementHolds(parseLabelSelector('size<4')[0]!, { size: '3' }), true);
  });

  it('with an operator that nobody knows selects nothing', () => {
    equal(requirementHolds({ key: 'app', operator: 'Like', values: ['web'] }, all['a']!), false);
  });
});
