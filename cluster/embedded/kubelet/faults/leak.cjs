'use strict';
const { Buffer } = require('node:buffer');
const { setInterval, setTimeout } = require('node:timers');

/**
 * Takes memory and keeps it, until it is killed, its lease is over, or it has as much as it may.
 *
 *   node leak.cjs <bytes a second> <lease in ms> <most bytes>
 */
const [bytesPerSecond, leaseMs, mostBytes] = process.argv.slice(2).map(Number);
const everyMs = 100;
const kept = [];
const pieces = Math.ceil(mostBytes / (bytesPerSecond * (everyMs / 1000)));

setTimeout(() => process.exit(), leaseMs);
setInterval(() => {
  // Filled with ones: pages that were never written to are not there.
  if (kept.length < pieces) kept.push(Buffer.alloc((bytesPerSecond * everyMs) / 1000, 1));
}, everyMs);
