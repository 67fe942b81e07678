import type { Channel } from '../channel.ts';

/** What a channel does on a method of the client, by amqplib's name of it. The fields are as decoded. */
export type Methods = Record<string, (channel: Channel, fields: never) => void>;
