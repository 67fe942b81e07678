import { createElement as h, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { ledgerRows } from '../../components/ledger/ledger-rows.ts';
import { nameOf } from './fault-run.ts';
import type { SoakResult } from './soak.ts';

/** The result as one HTML page that needs nothing else. */
export function reportPage(result: SoakResult): string {
  const { broken, faults, minutes, rate, seed, ledger, own, patterns, settledMs } = result;
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, 'Breakwater soak'),
      h('style', null, style),
    ),
    h(
      'body',
      null,
      h('h1', null, broken.length === 0 ? '✓ No customer came to harm' : '✗ Customers came to harm'),
      h(
        'p',
        null,
        `${minutes} minutes of random faults at ${rate} requests a second, seed ${seed}, on ${new Date(result.startedAt).toISOString()}.`,
      ),
      ...broken.map((what) => h('p', { key: what, className: 'broken' }, `✗ ${what}`)),
      h('h2', null, 'What customers got'),
      table(
        ['of orders', 'count'],
        [
          ...ledgerRows(ledger).map(({ title, value, tone }) => [tone === 'bad' ? `✗ ${title}` : title, value]),
          ['Acknowledged to a customer of our own', own.acknowledged],
          [own.lost.length > 0 ? '✗ Of these lost' : 'Of these lost', own.lost.length],
          ['Seconds until the last was decided', (settledMs / 1_000).toFixed(1)],
        ],
      ),
      h('h2', null, 'Requests that failed, by second, from 0 to 100 %; shaded: faults'),
      chart(result),
      h('h2', null, `${faults.length} faults`),
      table(
        ['at, s', 'fault', 'pods hit', 'remark'],
        faults.map((run) => [
          ((run.at - result.startedAt) / 1_000).toFixed(0),
          nameOf(run),
          run.ended?.evidence.pods.length ?? 0,
          run.reason ?? '',
        ]),
      ),
      h('h2', null, 'Patterns'),
      table(['pattern', 'chosen'], Object.entries(patterns)),
    ),
  );
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`;
}

/** A second is a pixel and a half wide, a percent two high. */
function chart({ customers, faults, startedAt, minutes }: SoakResult): ReactNode {
  const x = (ms: number) => (1.5 * (ms - startedAt)) / 1_000;
  const failed = customers.map(({ t, count, errors }) => {
    return `${x(t * 1_000).toFixed(1)},${(200 * (1 - (count === 0 ? 0 : errors / count))).toFixed(1)}`;
  });
  const acted = faults.flatMap(({ at, ended }) => (ended ? [{ x: x(at), width: x(ended.endsAt) - x(at) }] : []));
  return h(
    'svg',
    {
      viewBox: `0 -2 ${x(startedAt + minutes * 60_000 + 30_000)} 204`,
      role: 'img',
      'aria-label': 'Failed requests, 0 to 100 %',
    },
    ...acted.map((fault, index) => h('rect', { key: index, ...fault, height: 200, fill: '#8883' })),
    h('polyline', { points: failed.join(' '), fill: 'none', stroke: '#c5221f', strokeWidth: 1.5 }),
  );
}

function table(head: string[], rows: (string | number)[][]): ReactNode {
  const cells = (tag: 'th' | 'td', row: (string | number)[]) => row.map((cell, index) => h(tag, { key: index }, cell));
  return h(
    'table',
    null,
    h('thead', null, h('tr', null, cells('th', head))),
    h(
      'tbody',
      null,
      rows.map((row, index) => h('tr', { key: index }, cells('td', row))),
    ),
  );
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; border-bottom: 1px solid #8884 }
.broken { font-weight: 600 } svg { max-width: 100%; height: auto }
`;
