import type { Command } from '../src/core/command.ts';
import { cancel } from './cancel.ts';
import { exportLog } from './export.ts';
import { health } from './health.ts';
import { help } from './help.ts';
import { hypothesis } from './hypothesis.ts';
import { job } from './job.ts';
import { jobs } from './jobs.ts';
import { kill } from './kill.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { move } from './move.ts';
import { note } from './note.ts';
import { queue } from './queue.ts';
import { retry } from './retry.ts';
import { status } from './status.ts';

/** Every command, in the order that help lists them. */
export const COMMANDS: readonly Command[] = [
  status,
  jobs,
  job,
  queue,
  retry,
  move,
  cancel,
  kill,
  logs,
  metrics,
  hypothesis,
  note,
  exportLog,
  health,
  help,
];
