'use strict';
// Node writes what it has compiled when a process ends by itself. Containers are killed as often as not, so it is
// written once the start is over: the next start of the same program finds it.
const { flushCompileCache } = require('node:module');
const { setTimeout } = require('node:timers');

const afterMs = 3_000;

setTimeout(() => flushCompileCache(), afterMs).unref();
