import type { TestUserConfig } from 'vitest/config';

/** What every suite runs with. */
export const shared: TestUserConfig = {
  env: { TZ: 'Asia/Kolkata', LANG: 'C' },
  setupFiles: ['test/setup.ts'],
  reporters: ['default', './test/closing-line.ts'],
  expect: { requireAssertions: true },
  pool: 'forks',
  // No module here keeps state, so that files share a worker's modules: loading them anew costs a third of all CPU time.
  isolate: false,
  fsModuleCache: true,
};
