import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { buildTelemetry } from '../../../telemetry/build.ts';
import { eventually } from '../../../testing/eventually.ts';
import { startOtlpSink, type OtlpSink, type ReceivedSpan } from '../../../testing/otlp-sink.ts';
import { startProxy } from '../../../testing/running-proxy.ts';
import type { RunningService } from '../../../testing/running-service.ts';
import { startShop, type RunningShop } from '../../../testing/running-shop.ts';

describe('the patterns from payments to the bank', () => {
  let shop: RunningShop;
  let sink: OtlpSink;
  let folder: string;
  let preload: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patterns-'));
    sink = await startOtlpSink();
    preload = await buildTelemetry(join(folder, 'telemetry.cjs'));
    shop = await startShop({ only: ['payments', 'bank'], telemetry: { endpoint: sink.endpoint, preload } });
  });
  after(async () => {
    await shop?.stop();
    sink?.close();
    await rm(folder, { recursive: true });
  });

  const bankBehaves = (...faults: { behaviour: string; parameters: object }[]) => shop.bankBehaves(...faults);
  const slow = { behaviour: 'slow', parameters: { delayMs: 20_000, percent: 100 } };
  const failing = { behaviour: 'failing', parameters: { percent: 100 } };

  async function charge(): Promise<{ orderId: string; status: number; code: string | undefined }> {
    const orderId = randomUUID();
    const body = JSON.stringify({ orderId, amountCents: 100 });
    const answer = await fetch(`${shop.services.payments.url}/charges`, { method: 'POST', body });
    const { error } = (await answer.json()) as { error?: { code: string } };
    return { orderId, status: answer.status, code: error?.code };
  }

  /** The calls to the bank as payments saw them, once `count` more have been reported than there were. */
  const calls = (count: number, from = 0) =>
    eventually(`${count} calls to the bank are reported`, () => {
      const all = sink.spans.filter(({ service, kind, attributes }) => {
        return service === 'payments' && kind === 'client' && attributes['url.full'];
      });
      return all.length >= from + count ? all.slice(from) : undefined;
    });

  it('a timeout gives up in time, though the charge has been made', async () => {
    await shop.restart('payments', { BANK_TIMEOUT_MS: '200' });
    await bankBehaves(slow);
    const { orderId, status, code } = await charge();
    assert.deepEqual({ status, code }, { status: 504, code: 'bank-timeout' });
    assert.equal(shop.charges(orderId), 1);
    const [call] = await calls(1);
    assert.equal(call?.attributes['error.type'], 'timeout');
    assert.ok(call.failed);
  });

  it('naive repeats without a key charge again each time', async () => {
    const before = (await calls(0)).length;
    await shop.restart('payments', { BANK_TIMEOUT_MS: '300', BANK_RETRIES: 'naive' });
    const { orderId, status } = await charge();
    assert.equal(status, 504);
    assert.equal(shop.charges(orderId), 4);
    const resent = (await calls(4, before)).map(({ attributes }) => attributes['http.request.resend_count']);
    assert.deepEqual(resent, [undefined, 1, 2, 3]);
  });

  it('repeats under an idempotency key charge once', async () => {
    await shop.restart('payments', { BANK_TIMEOUT_MS: '300', BANK_RETRIES: 'backoff', IDEMPOTENCY_KEYS: 'true' });
    const { orderId } = await charge();
    assert.equal(shop.charges(orderId), 1);
  });

  it('a breaker opens on refusals, turns calls away, lets a probe through and closes', async () => {
    await shop.restart('payments', { BANK_BREAKER: 'library', BANK_BREAKER_VOLUME: '4', BANK_BREAKER_RESET_MS: '700' });
    const metric = (name: string) => sink.metrics.findLast((point) => point.name === name)?.value;
    const state = (wanted: number) =>
      eventually(`the breaker is in state ${wanted}`, () =>
        metric('circuit_breaker.state') === wanted ? true : undefined,
      );
    await state(0);

    await bankBehaves(failing);
    for (let call = 1; call <= 4; call += 1)
      assert.equal((await charge()).code, 'bank-failed', `call ${call} reaches the bank`);
    const rejected = await charge();
    assert.deepEqual([rejected.status, rejected.code], [503, 'bank-circuit-open']);
    await state(2);
    assert.ok(metric('circuit_breaker.open_until')! > 0);
    const span = await eventually('the rejection is in a trace', () => {
      return sink.spans.find(({ name }) => name === 'circuit_breaker.rejected');
    });
    assert.deepEqual(span.attributes, { 'circuit_breaker.name': 'payments>bank', 'error.type': 'circuit_open' });
    assert.ok(span.failed && span.kind === 'internal');

    await state(1);
    assert.equal((await charge()).code, 'bank-failed', 'the probe fails');
    await bankBehaves();
    await eventually('a probe succeeds', async () => ((await charge()).status === 201 ? true : undefined));
    await state(0);
    assert.equal(metric('circuit_breaker.open_until'), 0);
    const changes = await eventually('every change is a span of its own', () => {
      const spans = sink.spans.filter(({ name }) => name === 'circuit_breaker.transition');
      const steps = spans.map(({ attributes }) => attributes['circuit_breaker.to']);
      return steps.at(-1) === 'closed' ? spans : undefined;
    });
    const steps = changes.map(({ attributes }) => [
      attributes['circuit_breaker.from'],
      attributes['circuit_breaker.to'],
    ]);
    assert.deepEqual(steps.slice(0, 3), [
      ['closed', 'open'],
      ['open', 'half-open'],
      ['half-open', 'open'],
    ]);
    assert.deepEqual(steps.at(-1), ['half-open', 'closed']);
  });

  it('a refusal counts as an answer of the bank only when it is about what was asked', async () => {
    await shop.restart('payments', { BANK_RETRIES: 'naive' });
    await bankBehaves(failing);
    const before = (await calls(0)).length;
    await charge();
    const statuses = (await calls(4, before)).map(({ attributes }) => attributes['http.response.status_code']);
    assert.deepEqual(statuses, [503, 503, 503, 503]);
    await bankBehaves();
  });

  describe('with the policies in a sidecar proxy', () => {
    let proxy: RunningService;
    async function beside(environment: Record<string, string>): Promise<void> {
      const telemetry = {
        ...{ OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint, OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'http' },
        POD_NAME: 'payments-test',
      };
      proxy = await startProxy(shop.services.bank.url, { ...telemetry, ...environment }, preload);
      // By name: an address would be no name of a service to who reads the spans.
      await shop.restart('payments', { BANK_URL: proxy.url.replace('127.0.0.1', 'localhost') });
      sink.spans.length = 0;
      sink.metrics.length = 0;
    }
    /** Spans below the hop that the proxy is, once they are there. */
    const belowHop = (what: string, found: (below: ReceivedSpan[]) => boolean) =>
      eventually(what, () => {
        const hops = sink.spans.filter(({ name }) => name === 'proxy payments>bank').map(({ spanId }) => spanId);
        const below = sink.spans.filter(({ parentSpanId }) => hops.includes(parentSpanId));
        return found(below) ? below : undefined;
      });
    afterEach(() => proxy.stop());

    it('a call is repeated by the proxy alone, in attempts below a hop of its own', async () => {
      await beside({ BANK_TIMEOUT_MS: '300', BANK_RETRIES: 'naive' });
      await bankBehaves(slow);
      const { orderId, status, code } = await charge();
      assert.deepEqual({ status, code }, { status: 504, code: 'bank-timeout' });
      assert.equal(shop.charges(orderId), 4);
      const attempts = await belowHop('four attempts', ({ length }) => length === 4);
      assert.deepEqual(
        new Set(attempts.map(({ service, kind }) => `${service} ${kind}`)),
        new Set(['payments client']),
      );
      const resent = attempts.map(({ attributes }) => Number(attributes['http.request.resend_count'] ?? 0));
      assert.deepEqual(resent.sort(), [0, 1, 2, 3]);
      // Its service and its proxy send their spans apart, either one first.
      const served = await eventually('the charge itself', () => {
        const spans = sink.spans.filter(({ service, kind }) => service === 'payments' && kind === 'server');
        return spans.length > 0 ? spans : undefined;
      });
      assert.equal(served.length, 1, 'the hop is no request that payments serves');
    });

    it('its breaker opens, and is told of as that of the library', async () => {
      await beside({ BANK_BREAKER: 'library', BANK_BREAKER_VOLUME: '4' });
      await bankBehaves(failing);
      for (let call = 1; call <= 4; call += 1) assert.equal((await charge()).code, 'bank-failed', `call ${call}`);
      const { status, code } = await charge();
      assert.deepEqual({ status, code }, { status: 503, code: 'bank-circuit-open' });
      await belowHop('the rejection', (below) => below.some(({ name }) => name === 'circuit_breaker.rejected'));
      const states = () => sink.metrics.filter(({ name }) => name === 'circuit_breaker.state');
      const { service, attributes } = await eventually('it is open', () =>
        states().findLast(({ value }) => value === 2),
      );
      assert.deepEqual([service, attributes], ['payments', { 'circuit_breaker.name': 'payments>bank' }]);
    });

    it('what it passes on is what was sent, headers included', async () => {
      await beside({});
      await bankBehaves();
      const body = JSON.stringify({ reference: randomUUID(), amountCents: 100 });
      const headers = { 'idempotency-key': randomUUID() };
      const ask = () => fetch(`${proxy.url}/charges`, { method: 'POST', body, headers });
      const [first, second] = [await ask(), await ask()];
      assert.deepEqual([first.status, second.status], [201, 200]);
      assert.equal(((await second.json()) as { repeated: boolean }).repeated, true);
      assert.equal((await fetch(`${proxy.url}/charges?a=b`)).status, 404, 'and what comes back');
    });
  });
});
