import { defineConfig } from '@playwright/test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const asRoot = process.getuid?.() === 0;

/** One product for all journeys, one browser at a time: they share its load, faults and patterns. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: join(tmpdir(), 'breakwater-e2e'),
  globalSetup: './product.ts',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['./counts-reporter.ts']],
  use: {
    baseURL: process.env.BREAKWATER_URL,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000, // without one, a click on what is not there waits for the test's whole time
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.BREAKWATER_BROWSER,
      args: [
        ...(asRoot ? ['--no-sandbox'] : []), // Chromium refuses to run as root with it.
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
