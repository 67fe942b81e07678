import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Container } from '../kinds/types.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

/** Connects to a port of the pod. */
export type Dial = (port: number) => Promise<Duplex>;

/** One look at a container. Resolves when it is well; rejects with what is wrong. */
export function checkOnce(probe: Probe, container: Container, dial: Dial): Promise<void> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.httpGet) return httpGet(probe.httpGet, container, dial, timeoutMs);
  if (probe.tcpSocket) return tcpSocket(probe.tcpSocket.port, container, dial, timeoutMs);
  return Promise.reject(new Error('the embedded cluster knows httpGet and tcpSocket probes only'));
}

async function httpGet(
  { path = '/', port, httpHeaders = [] }: NonNullable<Probe['httpGet']>,
  container: Container,
  dial: Dial,
  timeoutMs: number,
): Promise<void> {
  const number = portNumber(port, container);
  const socket = await within(timeoutMs, dial(number));
  try {
    const status = await within(
      timeoutMs,
      new Promise<number>((resolve, reject) => {
        const headers = { host: `localhost:${number}`, 'user-agent': 'kube-probe/1.33', connection: 'close' };
        for (const { name, value } of httpHeaders) Object.assign(headers, { [name.toLowerCase()]: value });
        const sent = request({ path, headers, createConnection: () => socket }, (response) => {
          response.resume();
          resolve(response.statusCode!);
        });
        sent.once('error', reject);
        sent.end();
      }),
    );
    if (status < 200 || status >= 400) throw new Error(`HTTP probe failed with statuscode: ${status}`);
  } finally {
    socket.destroy();
  }
}

async function tcpSocket(port: number | string, container: Container, dial: Dial, timeoutMs: number): Promise<void> {
  const socket = await within(timeoutMs, dial(portNumber(port, container)));
  socket.destroy();
}

function portNumber(port: number | string, container: Container): number {
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const number = named ?? Number(port);
  if (Number.isInteger(number)) return number;
  throw new Error(`the container has no port named "${port}"`);
}

/** Rejects after a time; what is late is dropped then. */
function within<T>(milliseconds: number, result: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${milliseconds / 1000} s (timeoutSeconds)`));
      result.then(
        (late) => (late as { destroy?: () => void } | null)?.destroy?.(),
        () => {},
      );
    }, milliseconds);
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
