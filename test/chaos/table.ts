import type { Reporter, TestModule } from 'vitest/node';
import { SEED } from './figures.ts';

/** Prints what every attack came to, as a table in Markdown with the time that each test took. */
export default class FiguresTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) =>
        (test.meta().figures ?? []).map(
          ({ attack, runs, result }) =>
            `| ${attack} | ${runs.toLocaleString('en')} | ${test.result().state === 'failed' ? 'FAILED: ' : ''}${result} | ${Math.round((test.diagnostic()?.duration ?? 0) / 1000)} s |`,
        ),
      ),
    );
    if (lines.length === 0) return;
    console.log(
      `\nSeed ${SEED}\n\n| attack | runs | result | time |\n| --- | ---: | --- | ---: |\n${lines.join('\n')}\n`,
    );
  }
}
