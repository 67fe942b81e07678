'use strict';
const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');
const { podAddressOf } = require('./addresses.cjs');
const { PortClaims } = require('./port-claims.cjs');
const { uvErrno } = require('./uv-errno.cjs');

const REPLACED = ['bind', 'bind6', 'listen', 'connect', 'connect6', 'close', 'getsockname', 'getpeername'];

const isUnspecified = (address) => address === '0.0.0.0' || address === '::';
const isLoopback = (address) => address === '::1' || /^(::ffff:)?127\./.test(address);

/** libuv's TCP handle class is internal; any net.Socket that is about to connect has one. */
function tcpHandlePrototype() {
  const probe = net.connect({ host: '127.0.0.1', port: 9 });
  const { prototype } = probe._handle.constructor;
  // Before its first tick: nothing was sent.
  probe.destroy();
  return prototype;
}

/**
 * Replaces the methods by which a TCP handle gets its addresses. `listen` takes a free loopback port and reports it,
 * `connect` asks the data plane to dial; everything above (net, tls, http2, undici) runs unchanged, and every error comes
 * as the errno that the kernel would have given.
 */
function virtualiseTcp(control, { ip, portClaims }) {
  const TCP = tcpHandlePrototype();
  const original = Object.fromEntries(REPLACED.map((name) => [name, TCP[name]]));
  const claims = new PortClaims(portClaims, ip);
  /**
   * What we know of a handle: the address it was bound to, the port it listens on, whom it called, the dial underway.
   * @type {WeakMap<object, { bound?: object, listensOn?: number, peer?: object, dial?: number, closed?: boolean }>}
   */
  const states = new WeakMap();

  /** The handle's real name or peer: `{ address, family, port }`, or {} without one. */
  const real = (handle, method) => {
    const out = {};
    original[method].call(handle, out);
    return out;
  };

  // Only recorded: the real bind is done by listen, and a handle that connects has no use for one.
  const bindAs = (family) =>
    function bind(address, port) {
      if (!isUnspecified(address) && !isLoopback(address) && address !== ip) return uvErrno('EADDRNOTAVAIL');
      if (!claims.take(port)) return uvErrno('EADDRINUSE');
      states.set(this, { bound: { address, family, port } });
      return 0;
    };
  TCP.bind = bindAs('IPv4');
  TCP.bind6 = bindAs('IPv6');

  TCP.listen = function listen(backlog) {
    const state = states.get(this);
    if (!state?.bound) return original.listen.call(this, backlog);
    const error = original.bind.call(this, '127.0.0.1', 0) || original.listen.call(this, backlog);
    if (error) return error;
    const realPort = real(this, 'getsockname').port;
    if (state.bound.port === 0) state.bound.port = realPort;
    state.listensOn = state.bound.port;
    control.listen(state.listensOn, { realPort, loopback: isLoopback(state.bound.address) });
    return 0;
  };

  const connectAs = (family, connectOutside) =>
    function connect(req, address, port) {
      const bound = states.get(this)?.bound;
      if (bound) claims.release(bound.port);
      const state = { peer: { address, family, port } };
      states.set(this, state);
      const inContext = AsyncLocalStorage.snapshot();
      const isOwn = isLoopback(address) || isUnspecified(address);
      const message = { type: 'dial', address: isOwn ? '127.0.0.1' : address, port };
      state.dial = control.ask(message, (reply) => answered(reply), this.hasRef());
      const answered = (reply) => {
        if (state.closed) return;
        const dial = state.dial;
        state.dial = undefined;
        let error;
        if (reply.outside) {
          states.delete(this);
          error = connectOutside.call(this, req, address, port);
        } else if (reply.error) {
          error = uvErrno(reply.error);
        } else {
          if (reply.edgePort) announceOnceConnected(this, req, dial);
          error = original.connect.call(this, req, '127.0.0.1', reply.edgePort ?? reply.ownPort);
        }
        if (error) inContext(() => req.oncomplete(error, this, req, false, false));
      };
      return 0;
    };
  TCP.connect = connectAs('IPv4', original.connect);
  TCP.connect6 = connectAs('IPv6', original.connect6);

  /** The data plane knows a caller by the port it comes from: tell it as soon as there is one. */
  function announceOnceConnected(handle, req, dial) {
    const { oncomplete } = req;
    req.oncomplete = function (status, ...rest) {
      if (status === 0) control.connected(dial, real(handle, 'getsockname').port);
      return oncomplete.call(this, status, ...rest);
    };
  }

  TCP.close = function close(callback) {
    const state = states.get(this);
    if (state) {
      state.closed = true;
      states.delete(this);
      if (state.dial !== undefined) control.abandon(state.dial);
      if (state.listensOn !== undefined) control.unlisten(state.listensOn);
      if (state.bound) claims.release(state.bound.port);
    }
    return original.close.call(this, callback);
  };

  TCP.getsockname = function getsockname(out) {
    const state = states.get(this);
    if (state?.listensOn !== undefined) {
      Object.assign(out, state.bound);
      return 0;
    }
    const error = original.getsockname.call(this, out);
    if (error || out.address !== '127.0.0.1') return error;
    out.port = control.podPortOf(out.port) ?? out.port;
    const peer = state?.peer ?? real(this, 'getpeername');
    if (peer.address !== '127.0.0.1') out.address = ip;
    return 0;
  };

  TCP.getpeername = function getpeername(out) {
    const error = original.getpeername.call(this, out);
    if (error) return error;
    const peer = states.get(this)?.peer;
    Object.assign(out, peer ?? { address: podAddressOf(out.address) });
    return 0;
  };
}

module.exports = { virtualiseTcp };
