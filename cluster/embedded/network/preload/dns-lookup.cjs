'use strict';
const { AsyncLocalStorage } = require('node:async_hooks');
const dns = require('node:dns');
const net = require('node:net');
const util = require('node:util');
const { uvErrno } = require('./uv-errno.cjs');

/** Names as getaddrinfo finds them: those of the cluster by the data plane, all others as if it were not there. */
function virtualiseLookup(control) {
  const original = dns.lookup;

  /** Calls back with the IPv4 addresses of a name of the cluster (none: it is not found), `{ outside, name? }`, or `{ error }`. */
  function resolve(name, callback) {
    const inContext = AsyncLocalStorage.snapshot();
    const answer = (reply) => inContext(callback, reply);
    if (/^(.+\.)?localhost\.?$/i.test(name)) return process.nextTick(answer, { addresses: ['127.0.0.1'] });
    // No data plane, no answer: as long as that lasts no name is known.
    control.ask({ type: 'resolve', name }, (reply) => answer(reply.error === 'ENETDOWN' ? { addresses: [] } : reply));
  }

  function lookup(hostname, options, callback) {
    if (typeof options === 'function') [options, callback] = [{}, options];
    const settings = typeof options === 'number' ? { family: options } : (options ?? {});
    // Addresses, nonsense and wrong types: its answer, or its complaint.
    if (typeof hostname !== 'string' || hostname === '' || net.isIP(hostname) || typeof callback !== 'function') {
      return original(hostname, options, callback);
    }
    resolve(hostname, ({ addresses, error, name = hostname }) => {
      if (error) return callback(failed(error, hostname));
      if (!addresses) return original(name, options, callback);
      const wantsOnly6 = settings.family === 6 || settings.family === 'IPv6';
      if (addresses.length === 0 || wantsOnly6) return callback(failed('ENOTFOUND', hostname));
      if (settings.all)
        return callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
      callback(null, addresses[0], 4);
    });
    return {};
  }

  dns.promises.lookup = (hostname, options) =>
    new Promise((resolve, reject) => {
      lookup(hostname, options ?? {}, (error, address, family) => {
        if (error) reject(error);
        else resolve(Array.isArray(address) ? address : { address, family });
      });
    });
  Object.defineProperty(lookup, util.promisify.custom, { value: dns.promises.lookup });
  dns.lookup = lookup;
}

/** The error that node:dns itself gives for a name that does not exist (ENOTFOUND), or that nobody has answered for (EAI_AGAIN). */
function failed(code, hostname) {
  const error = new Error(`getaddrinfo ${code} ${hostname}`);
  const errno = uvErrno(code === 'ENOTFOUND' ? 'EAI_NONAME' : code);
  return Object.assign(error, { errno, code, syscall: 'getaddrinfo', hostname });
}

module.exports = { virtualiseLookup };
