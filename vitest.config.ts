import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

export default defineConfig({
  test: {
    ...shared,
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/chaos/**', 'test/package/**', 'test/clients/clients.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Of a machine with two cores: much of a test's time is waiting for processes and servers.
    maxWorkers: 4,
  },
});
