import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

export default defineConfig({
  test: {
    ...shared,
    include: ['test/clients/clients.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 900_000,
    maxWorkers: 1,
  },
});
