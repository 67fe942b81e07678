'use strict';
const net = require('node:net');
const { performance } = require('node:perf_hooks');
const { setTimeout } = require('node:timers');

const RECONNECT_MS = 25;
/** A question that has waited this long for a data plane to come back is given up. */
const PATIENCE_MS = 5_000;

/**
 * The one connection of this process to the data plane: JSON lines over a Unix socket, kept up for ever. Whoever
 * reconnects says everything again: who it is, what it listens on, what it still wants to know.
 */
class Control {
  #path;
  #token;
  /** @type {net.Socket | undefined} */
  #socket;
  /** @type {NodeJS.Timeout | undefined} */
  #reconnect;
  #connected = false;
  #nextId = 1;
  /** @type {Map<number, { message: object, answer: (reply: any) => void, keepsAlive: boolean, askedAt: number }>} */
  #asked = new Map();
  /** @type {Map<number, { realPort: number, loopback: boolean }>} */
  #listening = new Map();

  /** @param {import('../attachment.ts').PodNetworkEnvironment} environment */
  constructor({ controlSocket, token }) {
    this.#path = controlSocket;
    this.#token = token;
    this.#connect();
  }

  /**
   * Asks the data plane; `answer` is called once, on a later tick, with its reply or with `{ error: 'ENETDOWN' }`. The
   * process stays alive for it when `keepsAlive`. Returns the id of the question.
   */
  ask(message, answer, keepsAlive = true) {
    const id = this.#nextId++;
    this.#asked.set(id, { message: { ...message, id }, answer, keepsAlive, askedAt: performance.now() });
    this.#send({ ...message, id });
    this.#keepAlive();
    return id;
  }

  /** Takes a question back, answered or not. */
  abandon(id) {
    this.#asked.delete(id);
    this.#send({ type: 'abandon', id });
    this.#keepAlive();
  }

  /** The connection that was dialled comes from this local port. */
  connected(id, localPort) {
    this.#send({ type: 'connected', id, localPort });
  }

  listen(port, listener) {
    this.#listening.set(port, listener);
    this.#send({ type: 'listen', port, ...listener });
  }

  unlisten(port) {
    this.#listening.delete(port);
    this.#send({ type: 'unlisten', port });
  }

  /** The pod's port that `realPort` stands for in this process. */
  podPortOf(realPort) {
    for (const [port, listener] of this.#listening) if (listener.realPort === realPort) return port;
    return undefined;
  }

  #connect() {
    const socket = net.connect({ path: this.#path });
    this.#socket = socket;
    this.#keepAlive();
    socket.once('connect', () => {
      this.#connected = true;
      this.#send({ type: 'hello', token: this.#token, pid: process.pid });
      for (const [port, listener] of this.#listening) this.#send({ type: 'listen', port, ...listener });
      for (const { message } of this.#asked.values()) this.#send(message);
    });
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#answered(JSON.parse(line));
    });
    // ENOENT or ECONNREFUSED while the data plane restarts; 'close' follows, and with it the next attempt.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#connected = false;
      this.#socket = undefined;
      this.#giveUpOld();
      this.#reconnect = setTimeout(() => this.#connect(), RECONNECT_MS);
      this.#keepAlive();
    });
  }

  #answered({ id, ...reply }) {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    this.#keepAlive();
    // Each on a tick of its own: what one throws must not keep the others from their answers.
    process.nextTick(asked.answer, reply);
  }

  #giveUpOld() {
    for (const [id, { askedAt }] of this.#asked) {
      if (performance.now() - askedAt > PATIENCE_MS) this.#answered({ id, error: 'ENETDOWN' });
    }
  }

  #send(message) {
    if (this.#connected) this.#socket?.write(`${JSON.stringify(message)}\n`);
  }

  #isNeeded() {
    for (const { keepsAlive } of this.#asked.values()) if (keepsAlive) return true;
    return false;
  }

  #keepAlive() {
    const method = this.#isNeeded() ? 'ref' : 'unref';
    this.#socket?.[method]();
    this.#reconnect?.[method]();
  }
}

module.exports = { Control };
