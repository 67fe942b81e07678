import type { Container } from '../kinds/types.ts';
import { runCommand, type ContainerView } from './exec.ts';
import { dialError, dialOrAbort, httpGet, portNumber, type Dial } from './http-get.ts';
import type { ProcessTable } from './process-table.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

/** What a probe or a hook needs of the container it looks at. */
export interface ProbedContainer {
  container: Container;
  view: ContainerView;
  /** The pod's. */
  ip: string;
  dial: Dial;
  processes: ProcessTable;
}

/** `message`: what is wrong, or, of one that is well all the same, what is odd. */
export interface ProbeOutcome {
  isWell: boolean;
  message: string;
}

/** One look at a container; never rejects. */
export async function checkOnce(probe: Probe, probed: ProbedContainer): Promise<ProbeOutcome> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  try {
    if (probe.exec) return await command(probe.exec.command ?? [], probed, timeoutMs);
    if (probe.httpGet) return await http(probe.httpGet, probed, timeoutMs);
    if (probe.tcpSocket) return await tcp(probe.tcpSocket.port, probed, timeoutMs);
    return { isWell: false, message: 'this cluster has exec, httpGet and tcpSocket probes only' };
  } catch (error) {
    return { isWell: false, message: (error as Error).message };
  }
}

async function command(argv: string[], { view, processes }: ProbedContainer, timeoutMs: number): Promise<ProbeOutcome> {
  const answer = await runCommand(view, argv, timeoutMs, processes);
  if (answer) return { isWell: answer.exitCode === 0, message: answer.exitCode === 0 ? '' : answer.output };
  return { isWell: false, message: `command timed out: "${argv.join(' ')}" timed out after ${timeoutMs / 1000}s` };
}

async function http(
  action: NonNullable<Probe['httpGet']>,
  { container, ip, dial }: ProbedContainer,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const { status, location, body } = await httpGet(action, container, ip, dial, AbortSignal.timeout(timeoutMs));
  if (status < 200 || status >= 400) return { isWell: false, message: `HTTP probe failed with statuscode: ${status}` };
  return { isWell: true, message: location === undefined ? '' : `Probe terminated redirects, Response body: ${body}` };
}

async function tcp(
  port: number | string,
  { container, ip, dial }: ProbedContainer,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const number = portNumber(port, container);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    (await dialOrAbort(dial, number, signal)).destroy();
    return { isWell: true, message: '' };
  } catch (error) {
    const address = `${ip}:${number}`;
    return {
      isWell: false,
      message: signal.aborted ? `dial tcp ${address}: i/o timeout` : dialError(error as Error, address),
    };
  }
}
