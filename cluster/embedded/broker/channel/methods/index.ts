import { methodId } from '../../protocol/codec.ts';
import { basicMethods } from './basic.ts';
import { channelMethods } from './channel.ts';
import { exchangeMethods } from './exchange.ts';
import type { Methods } from './method.ts';
import { queueMethods } from './queue.ts';

/** What a channel does on each method, by its id. Publishing is not among them: a content follows. */
export const methods = new Map<number, Methods[string]>(
  Object.entries({ ...basicMethods, ...channelMethods, ...exchangeMethods, ...queueMethods }).map(([name, method]) => [
    methodId(name),
    method,
  ]),
);
