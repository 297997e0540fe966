import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/**
 * What stands in somebody's way on this page, by axe-core: each violation but minor ones, and the first element that has it.
 * `rules`: these alone; `within`: the part of the page that is looked at, a selector.
 */
export async function violations(page: Page, rules?: readonly string[], within = 'html'): Promise<string[]> {
  // By the debugger's way, which the page's policy of scripts does not concern.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(AXE);
  const { violations: found } = (await page.evaluate(
    `axe.run(${JSON.stringify(within)}, ${JSON.stringify({ resultTypes: ['violations'], runOnly: rules })})`,
  )) as AxeResults;
  return found
    .filter(({ impact }) => impact !== 'minor')
    .map(({ impact, id, help, nodes }) => {
      const [first] = nodes;
      return `${impact} ${id}: ${help}, ${nodes.length} times; ${first?.html.slice(0, 200)} ${first?.failureSummary ?? ''}`;
    });
}
