import type { AskedReservation } from '../../core/gpus.ts';
import { run } from '../../processes/run.ts';
import { fromVariables } from './gpu-settings.ts';

/** The user service that `xax queue start` installs (DEFAULT_SERVICE_NAME in queue.py of 0.4.9); one a user, whatever its queue. */
export const SERVICE = 'xax-queue-observer.service';
/** How its observer is started by hand. */
export const START_COMMAND = 'xax queue start';
/** systemctl asks a daemon on the same host; one that takes longer hangs. */
const TIMEOUT_MS = 5_000;
const OUTPUT_MAX_BYTES = 64 * 1024;

/** The observer's service, as far as its settings are about the queue. Nothing else of its environment is kept. */
export interface ObserverService {
  /** The queue's folder that it serves; undefined when it does not say. */
  home: string | undefined;
  reservation: AskedReservation | undefined;
}

/** The settings of the observer's service; undefined without systemd, without a session bus, or without the service. */
export async function readObserverService(
  env: NodeJS.ProcessEnv,
  timeoutMs = TIMEOUT_MS,
): Promise<ObserverService | undefined> {
  const variables = parseEnvironment(await show('Environment', env, timeoutMs));
  if (variables.size === 0) return undefined;
  return { home: variables.get('XAX_HOME'), reservation: fromVariables(variables) };
}

/** The process that systemd runs as the service, 0 for none; undefined where no systemd answers. */
export async function servicePid(
  env: NodeJS.ProcessEnv,
  timeoutMs = TIMEOUT_MS,
): Promise<number | undefined> {
  const pid = /^MainPID=(\d+)$/m.exec(await show('MainPID', env, timeoutMs))?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** What systemctl says of one property; empty where it does not answer. */
async function show(property: string, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<string> {
  const { exitCode, stdout } = await run({
    argv: ['systemctl', '--user', 'show', SERVICE, `--property=${property}`],
    env,
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  return exitCode === 0 ? stdout.toString('utf8') : '';
}

/**
 * `Environment=A=1 "B=two words"` as systemctl prints it: assignments with spaces between, quoted where a shell would
 * need it (bus_print_property in src/shared/bus-print-properties.c of systemd). Anything else holds no variables.
 */
function parseEnvironment(output: string): Map<string, string> {
  const line = output.split('\n').find((each) => each.startsWith('Environment=')) ?? '';
  const variables = new Map<string, string>();
  for (const [, quoted, plain] of line
    .slice('Environment='.length)
    .matchAll(/"((?:\\.|[^"\\])*)"|([^\s"]+)/g)) {
    const assignment = plain ?? quoted!.replace(/\\(.)/g, '$1');
    const cut = assignment.indexOf('=');
    if (cut > 0) variables.set(assignment.slice(0, cut), assignment.slice(cut + 1));
  }
  return variables;
}
