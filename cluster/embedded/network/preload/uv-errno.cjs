'use strict';
const util = require('node:util');

/** Numbers differ between systems; the names on the wire do not. */
const numbers = new Map(Array.from(util.getSystemErrorMap(), ([number, [name]]) => [name, number]));

/** libuv's (negative) number of an errno on this system. */
function uvErrno(name) {
  return numbers.get(name) ?? numbers.get('ECONNREFUSED');
}

module.exports = { uvErrno };
