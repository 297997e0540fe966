import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

export default defineConfig({
  test: {
    ...shared,
    reporters: ['default', './test/chaos/table.ts', './test/closing-line.ts'],
    globalSetup: './test/chaos/bundle.ts',
    include: ['test/chaos/**/*.test.ts'],
    testTimeout: process.env.CHAOS === 'full' ? 3 * 3_600_000 : 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
    // The collector as `bin/xaxbot.js` sets it.
    execArgv: ['--max-semi-space-size=1', '--heap-growing-percent=10'],
  },
});
