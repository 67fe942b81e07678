import { after, before, describe, test } from 'node:test';
import { startApi } from '../../http/testing/api-server.ts';
import { prove, proveLogsAndMetrics } from './prove.ts';
import { sdks } from './sdk.ts';

/** `npm run vendor-proof` installs the SDKs; what is not installed is not fetched by a test. */
const why = (language: string) => `OpenTelemetry's SDK of ${language} is not installed: npm run vendor-proof`;

describe('what other vendors’ SDKs send is drawn', () => {
  let api: Awaited<ReturnType<typeof startApi>>;
  before(async () => void (api = await startApi({ clock: Date.now })));
  after(() => api.close());

  for (const { language, installed } of sdks) {
    const program = installed();
    test(`by ${language}: topology, series and traces`, { skip: !program && why(language) }, async () => {
      const [url, scope] = [`http://127.0.0.1:${api.port}`, `vendor-${language.toLowerCase()}`];
      await prove(program!, url, scope);
      if (language === 'Python') await proveLogsAndMetrics(url, scope);
    });
  }
});
