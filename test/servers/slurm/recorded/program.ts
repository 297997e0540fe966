import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Present } from './index.ts';
import { CannotAnswer, type Printed } from './program-answer.ts';
import { scontrol } from './scontrol.ts';
import { sinfo } from './sinfo.ts';
import { squeue } from './squeue.ts';
import { canPrint } from './times.ts';

/** Run as `node program.ts FOLDER NAME ARGUMENTS…` by the programs that `startRecordedDay` puts on PATH. */
const CANNOT = 70;
const [, , folder, name, ...argv] = process.argv;

function answer(present: Present): Printed & { seconds: number } {
  const { frame, shiftSeconds, me, version } = present;
  const times = { format: process.env.SLURM_TIME_FORMAT, shiftSeconds };
  const steering = Object.keys(process.env).filter((each) => /^(SQUEUE|SCONTROL|SINFO)_/.test(each));
  if (!canPrint(times)) throw new CannotAnswer(`with times as ${times.format}`);
  if (steering.length > 0) throw new CannotAnswer(`with ${steering.join(', ')} in the environment`);
  if (argv.join(' ') === '--version')
    return { code: 0, out: `slurm-wlm ${version}\n`, error: '', seconds: 0 };
  switch (name) {
    case 'squeue':
      return { ...squeue(argv, frame, times, me), seconds: frame.squeue.seconds };
    case 'scontrol':
      return { ...scontrol(argv, frame, times, present), seconds: frame.scontrol.seconds };
    case 'sinfo':
      return { ...sinfo(argv, frame, times), seconds: frame.sinfo.seconds };
    case 'sacct':
      return { code: 1, out: '', error: 'Slurm accounting storage is disabled\n', seconds: 0 };
    default:
      throw new CannotAnswer(`to ${name}`);
  }
}

try {
  const present = JSON.parse(readFileSync(join(folder!, 'present.json'), 'utf8')) as Present;
  const { code, out, error, seconds } = answer(present);
  setTimeout(
    () => {
      process.stdout.write(out);
      process.stderr.write(error);
      process.exitCode = code;
    },
    seconds * present.slowness * 1000,
  );
} catch (error) {
  process.stderr.write(`the recorded Slurm has no answer ${(error as Error).message}\n`);
  process.exitCode = CANNOT;
}
