/** Rewrites a queue's state twice a second, as xax does while a job runs: `node rewriter.ts HOME SECONDS`. */
import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** cli/queue.py of xax 0.4.9. */
const REWRITE_MS = 500;

const [home, seconds] = process.argv.slice(2) as [string, string];
const path = join(home, 'queue_state.json');
const text = readFileSync(path);
// Only the running job's children differ from one writing to the next, so the rest is kept as it stands and costs this program nothing.
const { running_job_id: running } = JSON.parse(text.toString('utf8')) as { running_job_id: string };
const block = text.indexOf(`"${running}": {`);
const began = text.indexOf('"child_pids": [', block) + '"child_pids": ['.length;
const [head, tail] = [text.subarray(0, began), text.subarray(text.indexOf(']', began))];

const start = Date.now();
for (let turn = 1; (turn - 1) * REWRITE_MS < Number(seconds) * 1_000; turn += 1) {
  const pids = Array.from({ length: 5 }, () => 1_000 + Math.floor(Math.random() * 30_000));
  const middle = pids.sort((a, b) => a - b).map((pid) => `\n        ${pid}`);
  const file = openSync(`${path}.tmp`, 'w');
  for (const part of [head, Buffer.from(`${middle.join(',')}\n      `), tail])
    for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
  await sleep(Math.max(0, start + turn * REWRITE_MS - Date.now()));
}
