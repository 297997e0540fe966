import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { drawnApart } from '../../charts/draw-process.ts';
import { liveOf } from '../../charts/live.ts';
import { pictureOf } from '../../charts/picture.ts';
import type { Config } from '../../config/config.ts';
import { unixName } from '../../config/environment.ts';
import { counted } from '../../core/counted.ts';
import { errorText } from '../../core/errors.ts';
import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { isZone } from '../../core/time-zone.ts';
import { readGpus } from '../../gpus/nvidia-smi.ts';
import { run } from '../../processes/run.ts';

/** Where systemd keeps a file for each user whose services run without a login (loginctl(1), enable-linger). */
const LINGER = '/var/lib/systemd/linger';
const UNIT = 'xaxbot.service';
const OUTPUT_MAX_BYTES = 64 * 1024;
/** The oldest Node that the package runs on. */
const NODE_MAJOR = 22;

export function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= NODE_MAJOR
    ? fine('node', `${process.version} on ${process.platform}-${process.arch}`)
    : failure(
        'node',
        `${process.version}, and ${NODE_MAJOR} is needed`,
        `install Node ${NODE_MAJOR} or newer: https://nodejs.org/en/download`,
      );
}

/** The zone of times; a TZ that names none means UTC to Node, without a word. */
export function checkTimezone({ timezone }: Pick<Config, 'timezone'>, tz: string | undefined): Finding {
  // POSIX lets a zone's name begin with a colon.
  if (!tz || isZone(tz.replace(/^:/, ''))) return fine('time zone', timezone);
  return warning(
    'time zone',
    `TZ is "${tz}", which is none that is known here, so that times are ${timezone}`,
    'set TZ to one such as Europe/Zurich, or timezone: in xaxbot.yaml',
  );
}

/** Draws a small chart as the bot does, in a process of its own, and keeps nothing of it. */
export async function checkCharts({ childEnv, compileCache }: Config): Promise<Finding> {
  const began = performance.now();
  const chart = liveOf(
    pictureOf({
      kind: 'scoreboard',
      title: 'doctor',
      metric: 'loss',
      mode: 'min',
      entries: [{ label: 'run', value: 1, status: 'completed' }],
    }),
  );
  try {
    await drawnApart(JSON.stringify(chart), { env: childEnv, compileCache });
    return fine('charts', `drawn here in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  } catch (error) {
    return failure('charts', errorText(error), 'npm ci, which brings the canvas along');
  }
}

export async function checkGpus({ childEnv }: Config, timeoutMs: number): Promise<Finding> {
  const { gpus, trouble } = await readGpus(childEnv, timeoutMs);
  const broken = gpus?.filter(({ fault }) => fault !== undefined) ?? [];
  if (trouble !== null || broken.length > 0)
    return failure(
      'gpus',
      trouble ?? broken.map(({ index, fault }) => `GPU ${index}: ${fault}`).join('; '),
      'nvidia-smi -q, and dmesg | grep -i xid',
    );
  return gpus
    ? fine('gpus', `${counted(gpus.length, 'GPU')}: ${[...new Set(gpus.map(({ name }) => name))].join(', ')}`)
    : fine('gpus', 'no nvidia-smi on PATH: nothing is said of GPUs');
}

/** The service that starts the bot with the host, where there is a systemd for users. */
export async function checkService(env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Finding> {
  const name = 'service';
  const { exitCode, stdout } = await run({
    argv: ['systemctl', '--user', 'show', UNIT, '--property=LoadState,ActiveState,UnitFileState'],
    env,
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  if (exitCode !== 0) return fine(name, 'no systemd for this user: xaxbot is started by hand');
  const of = new Map(
    stdout
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
  if (of.get('LoadState') !== 'loaded')
    return fine(name, `not installed: "${shellCommand('service install')}" starts xaxbot with the host`);
  const user = unixName(env);
  const states = `${of.get('ActiveState')}, ${of.get('UnitFileState')}`;
  if (of.get('ActiveState') === 'failed')
    return failure(name, `${UNIT} has failed`, shellCommand('service logs'));
  if (of.get('UnitFileState') !== 'enabled')
    return warning(
      name,
      `${UNIT} is ${states}: it does not start by itself`,
      `systemctl --user enable ${UNIT}`,
    );
  return existsSync(join(LINGER, user))
    ? fine(name, `${UNIT} is ${states}`)
    : warning(name, `${UNIT} is ${states}, and ends when ${user} logs out`, `loginctl enable-linger ${user}`);
}
