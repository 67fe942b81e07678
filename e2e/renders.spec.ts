import { expect, test, type Page } from '@playwright/test';
import { bringToRest, LabPage } from './lab-page.ts';
import { HeldStream, recordRenders, watchRequests, type Message } from './render-recorder.ts';

test.beforeEach(({ request }) => bringToRest(request));

/** Where components are rendered by a click, and by nothing else: what was under way is done, and React draws before the next task. */
const renderedByClick = (page: Page, selector: string) =>
  page.evaluate(async (target) => {
    await new Promise((resolve) => requestIdleCallback(resolve));
    window.rendered.clear();
    document.querySelector<HTMLElement>(target)!.click();
    await Promise.resolve();
    return [...window.rendered].sort();
  }, selector);

const card = (service: string) => `.react-flow__node[data-id=${service}] button`;

/** Which changes the parts beside the drawing are drawn anew for. */
const regions: [string, RegExp][] = [
  ['HEADER', /^(cluster|faults|load)/],
  ['Controls', /^(drifts|faults|lab|patterns|desired)/],
  ['Ledger: what customers got', /^(lab|ledger)/],
  ['Guide', /^(customer|faults|lab|ledger|load|patterns)/],
];

async function open(page: Page): Promise<LabPage> {
  await recordRenders(page);
  const lab = new LabPage(page);
  await lab.open();
  await expect.poll(() => lab.rate('gateway')).toBeGreaterThan(10);
  await expect(page.getByRole('figure')).toHaveCount(4);
  return lab;
}

/** Places drawn anew by the next messages of the stream, each with what it said; not by what the page has asked for besides. */
async function renderedByMessages(page: Page, stream: HeldStream, count: number, allAnswered: () => Promise<void>) {
  const all: { message: Message; rendered: string[] }[] = [];
  for (let i = 0; i < count; i++) {
    await allAnswered();
    await page.evaluate(() => window.rendered.clear());
    const message = await stream.next();
    all.push({ message, rendered: await page.evaluate(() => [...window.rendered]) });
  }
  return all;
}

const services = (places: string[], kind: string) =>
  places.filter((place) => place.startsWith(`${kind} `)).map((place) => place.slice(kind.length + 1));
const changed = ({ keys }: Message, list: string) =>
  keys.filter((key) => key.startsWith(`topology.${list}/`)).map((key) => key.slice(`topology.${list}/`.length));

test('a click on a card renders that card, the one that was selected, the chart that follows and the patterns, its own first', async ({
  page,
}) => {
  const stream = new HeldStream();
  await stream.attach(page);
  await open(page);
  stream.hold();
  const first = await renderedByClick(page, card('orders'));
  expect(services(first, 'card')).toEqual(['orders']);
  const second = await renderedByClick(page, card('payments'));
  expect(services(second, 'card')).toEqual(['orders', 'payments']);
  for (const places of [first, second]) {
    expect(services(places, 'edge')).toEqual([]);
    expect(services(places, 'chart').filter((title) => !title.startsWith('In flight'))).toEqual([]);
    expect(places.filter((place) => ['Guide', 'HEADER', 'Ledger: what customers got', 'page'].includes(place))).toEqual(
      [],
    );
  }
  stream.release();
  await expect(page.getByRole('figure', { name: 'In flight at payments' })).toBeVisible();
});

test('a message of the stream, as that of another load, renders the cards and the edges that it changes', async ({
  page,
  request,
}) => {
  const stream = new HeldStream();
  const allAnswered = watchRequests(page);
  await stream.attach(page);
  await open(page);
  stream.hold();
  expect((await request.put('/api/load', { data: { rate: 90 } })).ok()).toBe(true);
  const all = await renderedByMessages(page, stream, 12, allAnswered);
  // Where messages are far apart, as on a busy machine, most of them change every card: on until one does not.
  const cardCount = await page.locator('.react-flow__node').count();
  const fewest = () => Math.min(...all.map(({ rendered }) => services(rendered, 'card').length));
  while (fewest() === cardCount && all.length < 60)
    all.push(...(await renderedByMessages(page, stream, 1, allAnswered)));
  expect(all.some(({ message }) => message.keys.includes('load'))).toBe(true);
  for (const { message, rendered } of all) {
    const cards = [...changed(message, 'services'), ...(message.keys.includes('load') ? ['loadgen'] : [])];
    expect(services(rendered, 'card').filter((service) => !cards.includes(service))).toEqual([]);
    expect(services(rendered, 'edge').filter((edge) => !changed(message, 'edges').includes(edge))).toEqual([]);
    expect(services(rendered, 'row')).toEqual([]);
    for (const [region, shows] of regions)
      if (!message.keys.some((key) => shows.test(key))) expect(rendered).not.toContain(region);
  }
  // So that all this was no matter of course: some changed where others did not.
  expect(Math.max(...all.map(({ rendered }) => services(rendered, 'card').length))).toBeGreaterThan(0);
  expect(fewest()).toBeLessThan(cardCount);
});

test('the list of the topology renders only while it is seen, and the graph only while it is', async ({ page }) => {
  const stream = new HeldStream();
  const allAnswered = watchRequests(page);
  await stream.attach(page);
  await open(page);
  await expect(page.getByRole('table', { name: 'Services' })).toHaveCount(0);
  await page.getByRole('radio', { name: 'As a list' }).check({ force: true });
  await expect(page.getByRole('table', { name: 'Services' })).toBeVisible();
  stream.hold();
  const all = await renderedByMessages(page, stream, 8, allAnswered);
  expect(all.flatMap(({ rendered }) => services(rendered, 'row'))).not.toEqual([]);
  for (const { message, rendered } of all) {
    expect([...services(rendered, 'card'), ...services(rendered, 'edge')]).toEqual([]);
    const rows = [
      ...changed(message, 'services'),
      ...changed(message, 'edges').map((edge) => edge.replace('>', ' → ')),
    ];
    const drawn = services(rendered, 'row').map((name) => name.replace(/ \(.*\)$/, ''));
    expect(drawn.filter((name) => !rows.includes(name))).toEqual([]);
  }
  stream.release();
});
