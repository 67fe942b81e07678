'use strict';
const { AsyncLocalStorage } = require('node:async_hooks');
const dns = require('node:dns');

/** The types of records that cluster DNS has, by the method that asks for them and the name of its query. */
const QUERIES = {
  resolve4: { record: 'A', syscall: 'queryA' },
  resolve6: { record: 'AAAA', syscall: 'queryAaaa' },
  resolveCname: { record: 'CNAME', syscall: 'queryCname' },
  resolveSrv: { record: 'SRV', syscall: 'querySrv' },
};
/** As CoreDNS answers for Services, in seconds. */
const TTL = 5;

/**
 * Names as a DNS client asks for them, c-ares by node:dns and its Resolver class: those of the cluster are answered by the data
 * plane, all others as if it were not there. One place for the four forms that each query has.
 */
function virtualiseQueries(control) {
  /** Calls back with an error, with records, or with null for a name of outside and that name. */
  function query(method, hostname, options, callback) {
    const { record, syscall } = QUERIES[method];
    const inContext = AsyncLocalStorage.snapshot();
    control.ask({ type: 'query', name: hostname, record }, ({ records, error, outside, name = hostname }) => {
      if (outside) return inContext(callback, null, null, name);
      const code = error ?? (records.length === 0 ? 'ENODATA' : undefined);
      if (code) return inContext(callback, failed(syscall, code, hostname));
      const withTtl = options?.ttl && (record === 'A' || record === 'AAAA');
      inContext(callback, null, withTtl ? records.map((address) => ({ address, ttl: TTL })) : records);
    });
  }

  for (const method of Object.keys(QUERIES)) {
    for (const target of [dns, dns.Resolver.prototype]) {
      const original = target[method];
      target[method] = function (hostname, options, callback) {
        const rest = typeof options === 'function' ? [options] : [options, callback];
        const done = rest.at(-1);
        if (typeof hostname !== 'string' || typeof done !== 'function') return original.call(this, hostname, ...rest);
        query(method, hostname, options, (error, records, name) => {
          if (error) done(error);
          else if (records) done(null, records);
          else original.call(this, name, ...rest);
        });
        return {};
      };
    }
    for (const target of [dns.promises, dns.promises.Resolver.prototype]) {
      const original = target[method];
      target[method] = function (hostname, ...rest) {
        if (typeof hostname !== 'string') return original.call(this, hostname, ...rest);
        return new Promise((resolve, reject) => {
          query(method, hostname, rest[0], (error, records, name) => {
            if (error) reject(error);
            else resolve(records ?? original.call(this, name, ...rest));
          });
        });
      };
    }
  }

  const methodOf = Object.fromEntries(Object.entries(QUERIES).map(([method, { record }]) => [record, method]));
  for (const target of [dns, dns.Resolver.prototype, dns.promises, dns.promises.Resolver.prototype]) {
    const { resolve } = target;
    target.resolve = function (hostname, type = 'A', ...rest) {
      // The functions of the module are called without one.
      const self = target === dns || target === dns.promises ? target : this;
      // The callback may stand where the type does.
      if (typeof type === 'function') return self.resolve4(hostname, type);
      const method = methodOf[type];
      return method ? self[method](hostname, ...rest) : resolve.call(self, hostname, type, ...rest);
    };
  }
}

/** As c-ares puts it. */
function failed(syscall, code, hostname) {
  return Object.assign(new Error(`${syscall} ${code} ${hostname}`), { errno: undefined, code, syscall, hostname });
}

module.exports = { virtualiseQueries };
