import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** TCP ports that somebody listens on, with the inode of the socket. Linux only. */
function listening(): { port: number; inode: string }[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A') // TCP_LISTEN of the kernel's tcp_states.h
      .map(([, local = '', , , , , , , , inode = '']) => ({ port: parseInt(local.split(':')[1]!, 16), inode })),
  );
}

/** Ports that any of these processes listens on. Linux only. */
export function portsOf(pids: number[]): number[] {
  const held = new Set(pids.flatMap(socketsOf));
  return listening().flatMap(({ port, inode }) => (held.has(inode) ? [port] : []));
}

/** Which of the ports somebody listens on by now. */
export function stillOpen(ports: number[]): number[] {
  const open = new Set(listening().map(({ port }) => port));
  return ports.filter((port) => open.has(port));
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    });
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return []; // it has just ended
    throw error;
  }
}
