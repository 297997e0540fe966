import type { Command } from '../src/core/command.ts';
import { approve } from './approve.ts';
import { audit } from './audit.ts';
import { backup } from './backup.ts';
import { cancel } from './cancel.ts';
import { compare } from './compare.ts';
import { config } from './config.ts';
import { deny } from './deny.ts';
import { diff } from './diff.ts';
import { digest } from './digest.ts';
import { dismiss } from './dismiss.ts';
import { dismissed } from './dismissed.ts';
import { experiment } from './experiment.ts';
import { exportExperimentLog } from './export.ts';
import { gpus } from './gpus.ts';
import { health } from './health.ts';
import { help } from './help.ts';
import { hypothesis } from './hypothesis.ts';
import { job } from './job.ts';
import { jobs } from './jobs.ts';
import { kill } from './kill.ts';
import { link } from './link.ts';
import { logins } from './logins.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { move } from './move.ts';
import { note } from './note.ts';
import { notes } from './notes.ts';
import { observer } from './observer.ts';
import { pings } from './pings.ts';
import { plan } from './plan.ts';
import { presets } from './presets.ts';
import { proposals } from './proposals.ts';
import { queue } from './queue.ts';
import { redact } from './redact.ts';
import { report } from './report.ts';
import { retry } from './retry.ts';
import { scoreboard } from './scoreboard.ts';
import { session } from './session.ts';
import { status } from './status.ts';
import { steer } from './steer.ts';
import { subscribe } from './subscribe.ts';
import { suggest } from './suggest.ts';
import { sweep } from './sweep.ts';
import { tensorboard } from './tensorboard.ts';
import { verdict } from './verdict.ts';
import { verdicts } from './verdicts.ts';
import { wait } from './wait.ts';
import { watch } from './watch.ts';
import { week } from './week.ts';
import { withdraw } from './withdraw.ts';
import { words } from './words.ts';

/** Every command in the order of help: daily ones first, since a platform may cut the list. */
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
  compare,
  plan,
  session,
  experiment,
  suggest,
  hypothesis,
  verdict,
  verdicts,
  note,
  notes,
  watch,
  report,
  subscribe,
  health,
  help,
  digest,
  wait,
  presets,
  scoreboard,
  diff,
  config,
  week,
  sweep,
  gpus,
  observer,
  proposals,
  approve,
  deny,
  tensorboard,
  exportExperimentLog,
  dismiss,
  dismissed,
  withdraw,
  redact,
  link,
  logins,
  audit,
  backup,
  words,
  pings,
  // Offered where a scheduler runs a queue: it moves no other one to another name on Discord.
  steer,
];
