import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../../entering.ts';
import { say } from '../bots.ts';
import { Unmeasured } from '../measure.ts';

const NAME = 'experiment_log.csv';
const CRLF = '\r\n';
const [MERGED_WITHIN_S, LOOK_S] = [120, 2];

/** The log that the bot keeps of a queue, below xax's experiments folder. */
export function logIn(home: string): string {
  const folder = join(home, 'experiments');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(NAME),
  );
  if (!found) throw new Unmeasured(`the bot wrote no ${NAME} below ${folder}`);
  return join(folder, found);
}

/** Adds rows, as other programs and people do, until it has so many; `turn` is told in each of those, so that another turn changes them all. */
export function fillLog(path: string, rows: number, turn: number): void {
  const lines = readFileSync(path, 'utf8').split(CRLF).filter(Boolean);
  const head = lines[0]!.split(',');
  const own = lines.slice(1).filter((line) => !line.startsWith('added-'));
  const at = (index: number) =>
    new Date(1_790_000_000_000 + index * 60_000).toISOString().replace('.000', '');
  const added = Array.from({ length: rows - own.length }, (_, index) => {
    const cells: Record<string, string> = {
      experiment_id: `added-${index}`,
      status: index % 5 === 0 ? 'failed' : 'completed',
      task_key: 'examples.toy.ToyRegression',
      objective_metric: 'loss',
      objective_mode: 'min',
      objective_value: String(0.1 + (index % 1_000) / 1_000),
      hypothesis: `a lower rate helps, try ${index}`,
      result_summary: `seen in turn ${turn}`,
      started_at: at(index),
      ended_at: at(index + 1),
      created_at: at(index),
      updated_at: at(index + turn),
      owner: 'ada',
    };
    return head
      .map((name) => (cells[name]?.includes(',') ? `"${cells[name]}"` : (cells[name] ?? '')))
      .join(',');
  });
  writeFileSync(path, [lines[0], ...own, ...added, ''].join(CRLF));
}

/** Waits until the bot has taken in what a turn added. */
export async function merged(browser: Browser, turn: number): Promise<void> {
  let answer = '';
  for (let waited = 0; waited < MERGED_WITHIN_S; waited += LOOK_S) {
    // A version that is held up by the merge answers late, or lets the connection go.
    answer = await say(browser, 'experiment added-0').catch(String);
    if (Number(/seen in turn (\d+)/.exec(answer)?.[1] ?? Number.NaN) >= turn) return;
    await sleep(LOOK_S * 1_000);
  }
  throw new Unmeasured(
    `turn ${turn} of the log was not merged in ${MERGED_WITHIN_S} s: ${answer.slice(0, 400)}`,
  );
}
