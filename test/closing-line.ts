import type { Reporter, TestModule } from 'vitest/node';

/** Says what came of the run in its last line, whatever else is printed, also when it fails or does not get that far. */
export default class ClosingLine implements Reporter {
  private line = 'The tests did not run to their end.';

  constructor() {
    process.once('exit', () => console.log(this.line));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, skipped: 0, failed: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
    }
    const { passed, skipped, failed, pending } = counts;
    // A file that cannot be loaded, or whose hooks fail, may have no test that failed.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && module.children.allTests('failed').next().done,
    ).length;
    const parts = [`${passed} passed`, `${skipped} skipped`, `${failed} failed`];
    if (pending > 0) parts.push(`${pending} not run`);
    if (broken > 0) parts.push(`${broken} files failed outside their tests`);
    if (errors.length > 0) parts.push(`${errors.length} errors outside any test`);
    this.line = `${parts.join(', ')}; ${modules.length} files in ${Math.round(performance.now() / 1000)} s`;
  }
}
