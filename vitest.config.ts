import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

export default defineConfig({
  test: {
    ...shared,
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/chaos/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most of a test's time is waiting for processes and servers: two workers a core are quicker than more or fewer.
    maxWorkers: 4,
  },
});
