/** Rewrites a queue's state twice a second, as xax does while a job runs: `node rewriter.ts HOME SECONDS`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [home, seconds] = process.argv.slice(2) as [string, string];
const path = join(home, 'queue_state.json');
const state = JSON.parse(readFileSync(path, 'utf8')) as {
  jobs: Record<string, { child_pids: number[] }>;
  running_job_id: string;
};
const until = Date.now() + Number(seconds) * 1000;
while (Date.now() < until) {
  const pids = Array.from({ length: 5 }, () => 1_000 + Math.floor(Math.random() * 30_000));
  state.jobs[state.running_job_id]!.child_pids = pids.sort((a, b) => a - b);
  writeFileSync(`${path}.tmp`, JSON.stringify(state, null, 2));
  renameSync(`${path}.tmp`, path);
  await sleep(500);
}
