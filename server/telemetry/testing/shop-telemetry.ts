import type { ScopeTelemetry } from '../scope-telemetry.ts';
import { Telemetry } from '../telemetry.ts';
import type { TelemetryOptions } from '../telemetry.ts';

export type ShopTelemetry = ScopeTelemetry & Pick<Telemetry, 'ingestTraces'>;

/** The scope `shop`, whose customers come in through the gateway, with the way in that the tests feed. */
export function shopTelemetry(options: TelemetryOptions = {}): ShopTelemetry {
  const telemetry = new Telemetry(options);
  const shop = telemetry.scope('shop');
  shop.setEntries(['gateway']);
  return Object.assign(shop, { ingestTraces: telemetry.ingestTraces.bind(telemetry) });
}
