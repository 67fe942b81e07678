import type { Service } from '../kinds/types.ts';

/**
 * The variables by which a container finds the Services of its namespace that were there before it: `SHOP_SERVICE_HOST`,
 * `SHOP_SERVICE_PORT`, and what Docker's links had (kubernetes.io: Accessing the Service, environment variables).
 */
export function serviceVariables(services: Service[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { metadata, spec } of services) {
    const host = spec?.clusterIP;
    const [first] = spec?.ports ?? [];
    if (!host || host === 'None' || !first) continue;
    const name = variableName(metadata.name);
    env[`${name}_SERVICE_HOST`] = host;
    env[`${name}_SERVICE_PORT`] = String(first.port);
    env[`${name}_PORT`] = `${(first.protocol ?? 'TCP').toLowerCase()}://${host}:${first.port}`;
    for (const { name: portName, port, protocol = 'TCP' } of spec!.ports!) {
      if (portName) env[`${name}_SERVICE_PORT_${variableName(portName)}`] = String(port);
      const link = `${name}_PORT_${port}_${protocol}`;
      env[link] = `${protocol.toLowerCase()}://${host}:${port}`;
      env[`${link}_PROTO`] = protocol.toLowerCase();
      env[`${link}_PORT`] = String(port);
      env[`${link}_ADDR`] = host;
    }
  }
  return env;
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
