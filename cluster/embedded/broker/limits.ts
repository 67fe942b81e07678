const mebibyte = 2 ** 20;

/** What one client, or all of them together, may take of the broker. Beyond a bound the protocol's own reply code is the answer. */
export const limits = {
  connections: 256,
  channelsPerConnection: 2047,
  consumersPerChannel: 1_000,
  /** With a prefetch of 0 too: deliveries of one channel that wait for their ack. */
  unackedPerChannel: 65_535,
  /** One frame with its 8 bytes around the payload; as RabbitMQ proposes it. */
  frameBytes: 131_072,
  /** Of a client that has not logged in yet: the smallest frame_max there is (FRAME_MIN_SIZE). */
  frameBytesBeforeLogin: 4_096,
  /** As RabbitMQ 4 has it. */
  messageBytes: 16 * mebibyte,
  /** Bodies of which some frames are still missing, all connections together. */
  unfinishedBytes: 64 * mebibyte,
  queues: 2_000,
  exchanges: 2_000,
  bindings: 20_000,
  /** Messages of all queues that are held in memory; what comes on top waits on the disk. */
  messageMemoryBytes: 8 * mebibyte,
  /** The same, of one queue. */
  messagesInMemory: 2_000,
  /** Bytes that a slow client leaves unread before it gets no more deliveries. */
  unsentBytes: mebibyte / 2,
  /** The same before nothing more of what it asks for is read: its answers would have to be kept. */
  unreadBytes: 2 * mebibyte,
  /** Proposed to the client, which may lower it; 0 turns it off. */
  heartbeatSeconds: 60,
  handshakeMs: 10_000,
  /** For the answer to a close. */
  closeMs: 5_000,
  /** Free space, in MB, below which publishers wait. */
  freeDiskMB: 32,
  /** How often it is looked at. */
  diskCheckMs: 2_000,
};
