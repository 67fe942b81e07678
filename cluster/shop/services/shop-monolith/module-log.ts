import type { Log } from '../../service/log.ts';

/** The log of the process, where each line says which module it is of. */
export function logOf(module: string, { info, warn, error }: Log): Log {
  return {
    info: (message, fields) => info(message, { module, ...fields }),
    warn: (message, fields) => warn(message, { module, ...fields }),
    error: (message, fields) => error(message, { module, ...fields }),
  };
}
