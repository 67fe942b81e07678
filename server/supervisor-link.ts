interface Handlers {
  /** Finish what is under way and go. */
  stop: () => void;
}

/**
 * How this process speaks with whoever started it, over IPC when there is a channel: progress and readiness out, `stop`
 * in. When the other side is gone there is nobody to serve.
 */
export function linkToSupervisor({ stop }: Handlers) {
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('message', (message: { type?: unknown } | null) => {
    if (message?.type === 'stop') stop();
  });
  process.on('disconnect', () => process.exit(1));
  return {
    progress: (phase: string, detail: string) => send({ type: 'progress', phase, detail }),
    ready: (url: string) => send({ type: 'ready', url }),
  };
}

function send(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, (error) => error && process.exit(1));
}
