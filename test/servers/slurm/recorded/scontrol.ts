import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, type Frame, recordsOf } from './frames.ts';
import { CannotAnswer, type Printed, refusals } from './program-answer.ts';
import { type Times, withTimes } from './times.ts';
import { configAs, type Version } from './versions.ts';

/** What `scontrol` prints for `-o show job [ID]` and `show config`. Of the controller: the id that the next job gets. */
export function scontrol(
  argv: readonly string[],
  frame: Frame['commands'],
  times: Times,
  controller: { nextId: number; version: Version },
): Printed {
  const words = argv.filter((word) => word !== '-o' && word !== '--oneliner');
  const refused = refusals(frame.scontrol);
  if (words[0] !== 'show') throw new CannotAnswer(`to scontrol ${argv.join(' ')}`);
  if (refused) return refused;
  if (words[1] === 'config' && words.length === 2) {
    const text = readFileSync(join(DAY, 'config.txt'), 'utf8');
    const out = configAs(controller.version, text).replace(
      /^(NEXT_JOB_ID\s*= ).*$/m,
      `$1${controller.nextId}`,
    );
    return { code: 0, out: withTimes(out, times), error: '' };
  }
  if (words[1] !== 'job' || words.length > 3 || words.length === argv.length)
    throw new CannotAnswer(`to scontrol ${argv.join(' ')}`);
  const [, , id] = words;
  if (id === undefined) return { code: 0, out: withTimes(frame.scontrol.out, times), error: '' };
  // What has the id itself comes first, and of an array's tasks the newest.
  const rank = (record: string) => (idOf(record) === Number(id) ? Number.POSITIVE_INFINITY : idOf(record));
  const records = recordsOf(frame.scontrol.out)
    .filter((record) => isOf(record, id))
    .sort((one, other) => rank(other) - rank(one));
  if (records.length === 0 && id.includes('_')) throw new CannotAnswer('of a task that waits');
  if (records.length === 0)
    return { code: 1, out: '', error: 'slurm_load_jobs error: Invalid job id specified\n' };
  return {
    code: 0,
    out: withTimes(records.map((record) => `${record.trimEnd()} \n`).join(''), times),
    error: '',
  };
}

const idOf = (record: string) => Number(/^JobId=(\d+)/.exec(record)?.[1]);

/** A job, an array by its id with all its records, or one task (`10_3`). */
function isOf(record: string, id: string): boolean {
  const head = /^JobId=(\d+)(?: ArrayJobId=(\d+) ArrayTaskId=(\S+))?(?: HetJobId=(\d+))?/.exec(record);
  if (!head) return false;
  const [, job, array, task, together] = head;
  return id === job || id === array || id === together || id === `${array}_${task}`;
}
