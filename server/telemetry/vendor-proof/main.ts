// `npm run vendor-proof`: installs OpenTelemetry's SDKs of other languages, where this machine has them, and proves that what
// they send is drawn. What a language lacks is said, and is no failure.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { sdks } from './sdk.ts';

for (const { language, missing, installed, install } of sdks) {
  const reason = await missing();
  if (reason) process.stdout.write(`${language}: skipped, ${reason}\n`);
  else if (installed()) process.stdout.write(`${language}: the SDK is installed\n`);
  else {
    process.stdout.write(`${language}: installing the SDK…\n`);
    await install().catch((error: Error) => {
      process.stdout.write(`${language}: the SDK could not be installed: ${error.message}\n`);
      process.exitCode = 1;
    });
  }
}
const test = join(import.meta.dirname, 'vendors.test.ts');
const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--test', test], {
  stdio: 'inherit',
});
process.exitCode ||= status ?? 1;
