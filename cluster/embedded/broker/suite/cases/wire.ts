import assert from 'node:assert/strict';
import { encodeProperties } from '../../protocol/codec.ts';
import { topic } from '../case.ts';
import { Wire } from '../wire.ts';

/** The reply code with which the connection is closed after a client has said this on channel 1. */
async function closeAfter(url: string, say: (wire: Wire) => void): Promise<unknown> {
  const wire = await Wire.open(url);
  say(wire);
  const { replyCode } = await wire.hear('ConnectionClose');
  wire.close();
  return replyCode;
}

const publish = { exchange: '', routingKey: 'suite-nowhere' };

export const wireCases = topic('wire', {
  'another protocol is answered with the one that is spoken': async ({ url }) => {
    const wire = await Wire.connect(url);
    wire.say(Buffer.from('AMQP\x01\x01\0\x0a', 'latin1'));
    assert.deepEqual(await wire.ended(), Buffer.from('AMQP\0\0\x09\x01', 'latin1'));
  },

  'a frame without its end, one that is too long and one of no type are frame errors (501)': async ({ url }) => {
    assert.equal(
      await closeAfter(url, (wire) => wire.say(Buffer.from([1, 0, 1, 0, 0, 0, 4, 0, 20, 0, 40, 0xcd]))),
      501,
    );
    assert.equal(await closeAfter(url, (wire) => wire.frame(1, 1, Buffer.alloc(9_000))), 501);
    assert.equal(await closeAfter(url, (wire) => wire.frame(7, 1, Buffer.alloc(4))), 501);
  },

  'a channel is opened before it is used, and once (504)': async ({ url }) => {
    assert.equal(await closeAfter(url, (wire) => wire.publish(2, publish)), 504);
    assert.equal(await closeAfter(url, (wire) => wire.method(1, 'ChannelOpen', {})), 504);
  },

  'content has its place: behind a publish, header first, and no method in between (505)': async ({ url }) => {
    const header = encodeProperties(60, 1, 5, {});
    assert.equal(await closeAfter(url, (wire) => wire.say(header)), 505);
    assert.equal(
      await closeAfter(url, (wire) => {
        wire.method(1, 'BasicPublish', publish);
        wire.frame(3, 1, Buffer.from('hello'));
      }),
      505,
    );
    assert.equal(
      await closeAfter(url, (wire) => {
        wire.method(1, 'BasicPublish', publish);
        wire.method(1, 'BasicPublish', publish);
      }),
      505,
    );
  },

  'what is not implemented says so (540)': async ({ url }) => {
    assert.equal(await closeAfter(url, (wire) => wire.publish(1, { ...publish, immediate: true })), 540);
    assert.equal(await closeAfter(url, (wire) => wire.method(1, 'BasicQos', { prefetchSize: 10 })), 540);
    assert.equal(await closeAfter(url, (wire) => wire.method(1, 'ChannelFlow', { active: false })), 540);
  },

  'a channel that is closed may be opened again': async ({ url }) => {
    const wire = await Wire.open(url);
    wire.method(1, 'QueueDeclare', { queue: 'suite-nowhere', passive: true, arguments: {} });
    assert.equal((await wire.hear('ChannelClose')).replyCode, 404);
    wire.publish(1, publish); // on its way before the client knew
    wire.method(1, 'ChannelCloseOk', {});
    wire.method(1, 'ChannelOpen', {});
    await wire.hear('ChannelOpenOk');
    wire.close();
  },

  'a client that is silent for twice its heartbeat is cut, and has heard heartbeats': async ({ url }) => {
    const wire = await Wire.open(url, { heartbeat: 1 });
    await wire.hearFrame(8);
    await wire.hearFrame(8);
    await wire.ended();
  },

  'a client that sends heartbeats is not': async ({ url }) => {
    const wire = await Wire.open(url, { heartbeat: 1 });
    for (let i = 0; i < 6; i++) {
      await wire.hearFrame(8); // two a second, or one
      wire.frame(8, 0, Buffer.alloc(0));
    }
    wire.method(1, 'BasicQos', {});
    await wire.hear('BasicQosOk');
    wire.close();
  },
});
