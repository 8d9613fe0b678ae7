import { defineConfig } from '@playwright/test';

/** Specs of time and memory. */
const MEASURED = ['many-files.spec.ts', 'large-set.spec.ts'];

// Playwright reads the configuration from the default export.
export default defineConfig({
  testDir: './specs',
  outputDir: './output/results',
  // Each worker is a browser and an agent; more than two only wait for each other on a small machine.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  projects: [
    { name: 'page', testIgnore: ['arrival.spec.ts', 'lighthouse.spec.ts', ...MEASURED] },
    // Alone, because they measure.
    { name: 'arrival', testMatch: 'arrival.spec.ts', dependencies: ['page'], fullyParallel: false },
    {
      name: 'lighthouse',
      testMatch: 'lighthouse.spec.ts',
      dependencies: ['arrival'],
      fullyParallel: false,
    },
    {
      name: 'measured',
      testMatch: MEASURED,
      dependencies: ['lighthouse'],
      fullyParallel: false,
      // Pictures of every step would take time and memory of the page that is measured.
      use: { trace: 'off' },
    },
  ],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      // The sandbox needs privileges that containers rarely have; the only page opened is our own.
      args: ['--no-sandbox'],
    },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
});
