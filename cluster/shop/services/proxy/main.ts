import { edgeFailure } from '../../resilience/edge-failure.ts';
import { edgeSettings } from '../../resilience/edge-settings.ts';
import { resilientClient } from '../../resilience/resilient-client.ts';
import { requestBody } from '../../service/body.ts';
import { inClientSpan } from '../../service/client-span.ts';
import { readEnvironment } from '../../service/environment.ts';
import { httpClient } from '../../service/http-client.ts';
import { serviceLog } from '../../service/log.ts';
import { callerGone } from '../../service/routes.ts';
import { serve } from '../../service/serve.ts';
import { endToEnd } from './end-to-end.ts';
import { inHop } from './hop.ts';

/**
 * A sidecar beside a service: passes its calls to one destination on, with the policies of that edge. They are those of the library, outside
 * the service's process. What it reports bears the service's name, since the calls are the service's; the hop it adds is a span of its own.
 */
const environment = readEnvironment();
const log = serviceLog('proxy');
const destination = environment.text('DESTINATION');
const upstream = environment.url(`${destination.toUpperCase()}_URL`);
const edge = `${environment.text('OTEL_SERVICE_NAME', 'proxy')}>${destination}`;
const http = httpClient();
// Each attempt is a client span: the HTTP instrumentation is off here, it would count each request as one that the service serves.
const client = resilientClient((call) => inClientSpan(call, http), edge, edgeSettings(environment, destination), log);

serve({
  name: 'proxy',
  log,
  isSidecar: true,
  routes(routes) {
    routes.all('*', (c) =>
      inHop(c.req.header(), `proxy ${edge}`, async () => {
        const { method, path } = c.req;
        const body = method === 'GET' || method === 'HEAD' ? undefined : await requestBody(c);
        const { search } = new URL(c.req.url);
        const call = {
          ...{ method, url: upstream + path + search, headers: endToEnd(c.req.header()), signal: callerGone(c) },
          ...(body && { body }),
        };
        const answer = await client(call).catch((cause: unknown) => {
          throw edgeFailure(destination, cause) ?? cause;
        });
        return c.body(new Uint8Array(answer.body), answer.status as 200, endToEnd(answer.headers));
      }),
    );
  },
});
