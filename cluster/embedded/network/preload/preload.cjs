'use strict';
/**
 * Loaded by --require into every Node process of a pod, before anything else: puts the process on the pod network.
 *
 *   connect, listen  -> tcp.cjs             on libuv's TCP handles, below net, http, tls, http2 and undici
 *   names            -> dns-lookup.cjs, dns-queries.cjs
 *   child processes  -> child-processes.cjs
 *   all of them ask  -> control.cjs         one Unix socket to the data plane
 *
 * Must not show: no use of fds 0-2 or of IPC, no reference that keeps a finished process alive.
 */
const os = require('node:os');
const { syncBuiltinESMExports } = require('node:module');

const VARIABLE = 'BREAKWATER_POD_NETWORK';
const value = process.env[VARIABLE];
if (value) {
  /** @type {import('../attachment.ts').PodNetworkEnvironment} */
  const environment = JSON.parse(value);
  const { Control } = require('./control.cjs');
  const control = new Control(environment);
  require('./tcp.cjs').virtualiseTcp(control, environment);
  require('./dns-lookup.cjs').virtualiseLookup(control);
  require('./dns-queries.cjs').virtualiseQueries(control);
  require('./child-processes.cjs').keepChildrenOnTheNetwork(VARIABLE, value, module.filename);
  os.hostname = () => environment.hostname;
  // OpenTelemetry patches http when it is first required; an ESM service never requires it, and would go untraced.
  require('node:http');
  syncBuiltinESMExports();
}
