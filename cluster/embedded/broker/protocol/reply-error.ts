import { constants } from './codec.ts';

/** Names of the reply codes that close a channel; every other closes the connection (AMQP 0-9-1, 1.2 and 4.2.6). */
const softErrors = [
  'CONTENT_TOO_LARGE',
  'NO_CONSUMERS',
  'ACCESS_REFUSED',
  'NOT_FOUND',
  'RESOURCE_LOCKED',
  'PRECONDITION_FAILED',
] as const;
type HardError =
  | 'CONNECTION_FORCED'
  | 'FRAME_ERROR'
  | 'SYNTAX_ERROR'
  | 'COMMAND_INVALID'
  | 'CHANNEL_ERROR'
  | 'UNEXPECTED_FRAME'
  | 'RESOURCE_ERROR'
  | 'NOT_ALLOWED'
  | 'NOT_IMPLEMENTED'
  | 'INTERNAL_ERROR';

type ReplyName = (typeof softErrors)[number] | HardError;

/** Ends the channel or the connection of the client that caused it, with a reply code of the protocol. */
export class ReplyError extends Error {
  /** Reply code: 404. */
  readonly code: number;
  readonly closes: 'channel' | 'connection';

  /** @param explanation what was wrong, as `no queue 'orders' in vhost '/'` */
  constructor(name: ReplyName, explanation: string, options?: ErrorOptions) {
    super(`${name} - ${explanation}`, options);
    this.name = 'ReplyError';
    this.code = constants[name]!;
    this.closes = (softErrors as readonly string[]).includes(name) ? 'channel' : 'connection';
  }
}
