'use strict';

/** The pod (or host) behind a source address that the data plane gave a connection; ../addresses.ts has the other way. */
function podAddressOf(address) {
  if (address === '127.77.0.1') return '10.240.0.1';
  return address.replace(/^127\.77\./, '10.244.');
}

module.exports = { podAddressOf };
