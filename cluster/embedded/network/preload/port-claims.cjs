'use strict';
const fs = require('node:fs');
const path = require('node:path');

/**
 * "This port of this pod is mine": a file that only one process can make, since bind has to answer at once and the real
 * port is another. It names its maker, so that the claim of a process that was killed is nobody's.
 */
class PortClaims {
  #folder;
  #ip;
  #held = new Set();

  constructor(folder, ip) {
    this.#folder = folder;
    this.#ip = ip;
    process.once('exit', () => {
      for (const port of this.#held) this.release(port);
    });
  }

  /** False when another process of the pod, or this one, has it already. Port 0 is any, and always free. */
  take(port) {
    if (port === 0) return true;
    const file = this.#file(port);
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
        this.#held.add(port);
        return true;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
        if (isAlive(readPid(file))) return false;
        fs.rmSync(file, { force: true });
      }
    }
    return false;
  }

  release(port) {
    if (this.#held.delete(port)) fs.rmSync(this.#file(port), { force: true });
  }

  #file(port) {
    return path.join(this.#folder, `${this.#ip}:${port}`);
  }
}

function readPid(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return 0;
  }
}

function isAlive(pid) {
  // An empty file: it is being written this very moment.
  if (Number.isNaN(pid)) return true;
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

module.exports = { PortClaims };
