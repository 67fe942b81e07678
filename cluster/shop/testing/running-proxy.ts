import { freePort } from './free-port.ts';
import { startService, type RunningService } from './running-service.ts';

/** The sidecar proxy of payments to a bank, with policies as its environment has them. */
export async function startProxy(
  bank: string,
  environment: Record<string, string>,
  preload?: string,
): Promise<RunningService> {
  return startService('proxy', {
    ...{ port: await freePort(), preload },
    environment: { OTEL_SERVICE_NAME: 'payments', DESTINATION: 'bank', BANK_URL: bank, ...environment },
  });
}
