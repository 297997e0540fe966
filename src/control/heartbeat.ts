import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { Supervisor } from '../core/supervisor.ts';
import { run } from '../processes/run.ts';

export const HEARTBEAT_TIMINGS = {
  /** How often the state is told where no watchdog asks for more. */
  everyMs: 60_000,
  /** A notification takes milliseconds; one that hangs is given up. */
  timeoutMs: 5_000,
};

/**
 * Tells systemd that the bot is ready, that it lives (which a loop that is held up does not get to say), what its health is, and
 * that it stops. Node cannot write to such a socket: systemd's own program does. Without a supervisor it does nothing.
 */
export function createHeartbeat(deps: {
  supervisor: Supervisor | null;
  health(): readonly HealthItem[];
  env: NodeJS.ProcessEnv;
  log: Log;
  timings?: typeof HEARTBEAT_TIMINGS;
}) {
  const { supervisor, log, timings = HEARTBEAT_TIMINGS } = deps;
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  let hasFailed = false;

  async function tell({ socket }: Supervisor, fields: readonly string[]): Promise<void> {
    const { exitCode, stderr, startError } = await run({
      argv: ['systemd-notify', ...fields],
      env: { ...deps.env, NOTIFY_SOCKET: socket },
      timeoutMs: timings.timeoutMs,
      maxOutputBytes: 1_000,
    });
    if (exitCode === 0 || hasFailed) return;
    hasFailed = true;
    log.warn({ error: startError ?? stderr.trim() }, 'systemd cannot be told how the bot is');
  }

  function say(...fields: string[]): Promise<void> {
    if (!supervisor) return Promise.resolve();
    telling = telling
      .then(() => tell(supervisor, fields))
      .catch((error) => log.error({ error: errorText(error) }, 'systemd cannot be told how the bot is'));
    return telling;
  }

  return {
    async start(): Promise<void> {
      if (!supervisor) return;
      await say('READY=1', statusOf(deps.health()));
      const everyMs = Math.min(timings.everyMs, (supervisor.watchdogMs ?? Number.POSITIVE_INFINITY) / 2);
      timer = setInterval(() => void say('WATCHDOG=1', statusOf(deps.health())), everyMs);
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await say('STOPPING=1');
    },
  };
}

/** What `systemctl status` shows. */
function statusOf(items: readonly HealthItem[]): string {
  const problems = items.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  return `STATUS=${problems.length === 0 ? 'all is well' : problems.join('; ').replace(/\s+/g, ' ')}`;
}
