'use strict';
const { AsyncLocalStorage } = require('node:async_hooks');
const dns = require('node:dns');
const net = require('node:net');
const util = require('node:util');
const { uvErrno } = require('./uv-errno.cjs');

/** Names of the cluster are answered by the data plane, all others as if it were not there. */
function virtualiseDns(control) {
  const original = { lookup: dns.lookup, resolve4: dns.resolve4 };

  /** Calls back with the IPv4 addresses of a name of the cluster (none: NXDOMAIN), or null for a name of outside. */
  function resolve(name, callback) {
    const inContext = AsyncLocalStorage.snapshot();
    const answer = (addresses) => inContext(callback, addresses);
    if (/^(.+\.)?localhost\.?$/i.test(name)) return process.nextTick(answer, ['127.0.0.1']);
    // No data plane, no answer: as long as that lasts no name is known.
    control.ask({ type: 'resolve', name }, ({ addresses, error }) => answer(error ? [] : (addresses ?? null)));
  }

  function lookup(hostname, options, callback) {
    if (typeof options === 'function') [options, callback] = [{}, options];
    const settings = typeof options === 'number' ? { family: options } : (options ?? {});
    // Addresses, nonsense and wrong types: its answer, or its complaint.
    if (typeof hostname !== 'string' || hostname === '' || net.isIP(hostname) || typeof callback !== 'function') {
      return original.lookup(hostname, options, callback);
    }
    resolve(hostname, (addresses) => {
      if (addresses === null) return original.lookup(hostname, options, callback);
      const wantsOnly6 = settings.family === 6 || settings.family === 'IPv6';
      if (addresses.length === 0 || wantsOnly6) return callback(notFound('getaddrinfo', hostname));
      if (settings.all)
        return callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
      callback(null, addresses[0], 4);
    });
    return {};
  }

  function resolve4(hostname, options, callback) {
    if (typeof options === 'function') [options, callback] = [{}, options];
    if (typeof hostname !== 'string' || typeof callback !== 'function') {
      return original.resolve4(hostname, options, callback);
    }
    resolve(hostname, (addresses) => {
      if (addresses === null) return original.resolve4(hostname, options, callback);
      if (addresses.length === 0) return callback(notFound('queryA', hostname));
      callback(null, options?.ttl ? addresses.map((address) => ({ address, ttl: TTL_SECONDS })) : addresses);
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
  dns.promises.resolve4 = util.promisify(resolve4);
  Object.defineProperty(lookup, util.promisify.custom, { value: dns.promises.lookup });
  dns.lookup = lookup;
  dns.resolve4 = resolve4;
}

/** As CoreDNS answers for Services. */
const TTL_SECONDS = 5;

/** The error that node:dns itself gives for a name that does not exist. */
function notFound(syscall, hostname) {
  const error = new Error(`${syscall} ENOTFOUND ${hostname}`);
  return Object.assign(error, {
    errno: syscall === 'getaddrinfo' ? uvErrno('EAI_NONAME') : undefined,
    code: 'ENOTFOUND',
    syscall,
    hostname,
  });
}

module.exports = { virtualiseDns };
