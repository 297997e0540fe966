import { counted } from '../../core/counted.ts';
import { errorText } from '../../core/errors.ts';
import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { silentLog } from '../../core/log.ts';
import type { HostFacts } from '../../hosts/host.ts';
import type { CheckDeps } from '../kind.ts';
import { programFindings } from './doctor-programs.ts';
import { START_COMMAND } from './observer-service.ts';
import type { XaxThereSettings } from './settings.ts';
import { createXaxThere } from './there.ts';

/** A clock that is further off than this makes ages and waits look wrong, seconds. */
const AHEAD_MAX_SECONDS = 30;

/** Whether the host is reached, and its queue can be read and is worked on. Looks, and changes nothing there. */
export async function checkXaxThere(
  settings: XaxThereSettings,
  { env, timeoutMs, onMarks }: Pick<CheckDeps, 'env' | 'timeoutMs' | 'onMarks'>,
): Promise<Finding[]> {
  const { place } = settings;
  const queue = createXaxThere({
    ...settings,
    ...{ name: 'doctor', env, clock: Date.now, log: silentLog },
    connection: { beginMs: timeoutMs },
  });
  try {
    await queue.start(() => {});
    const facts = queue.facts();
    if (!facts) {
      const health = queue.health();
      const [problem, mend] = splitHint(health.ok ? `${place.host} is not reached.` : health.problem);
      return [failure('host', problem, mend)];
    }
    const marks = await queue.marks();
    if (marks) onMarks?.(marks);
    const { user, host } = facts;
    return [
      fine('host', `${place.host} is reached: ${user} on ${host}, with ${pythonText(place, facts)}`),
      ...clockFinding(place.host, queue.ahead()),
      queueFinding(queue),
      observerFinding(queue),
      ...(await programFindings(await queue.programs(), {
        ...{ home: queue.home(), run: queue.run, env: {}, timeoutMs: timeoutMs / 2 },
        setting: 'bin of the queue',
      })),
    ];
  } catch (error) {
    return [failure('host', errorText(error))];
  } finally {
    await queue.stop();
  }
}

/** Which Python works there for us, and why not the one beside `bin`. */
function pythonText(
  { python: named }: XaxThereSettings['place'],
  { python, executable, home }: HostFacts,
): string {
  const beside = named?.replace(/^~(?=\/)/, home);
  const why = beside === undefined || beside === executable ? '' : `, as ${beside} does not run or is older`;
  return `Python ${python} (${executable}${why})`;
}

function queueFinding(queue: ReturnType<typeof createXaxThere>): Finding {
  const health = queue.health();
  if (!health.ok) return failure('queue', health.problem);
  const { jobs, running, order, isAbsent } = queue.snapshot()!;
  if (isAbsent) return fine('queue', `${queue.home()}: nothing has been queued there yet`);
  return fine(
    'queue',
    `${queue.home()}: ${counted(jobs.size, 'job')}, ${running.length} running, ${order.length} waiting`,
  );
}

function observerFinding(queue: ReturnType<typeof createXaxThere>): Finding {
  if (!queue.health().ok) return warning('observer', 'not known: the queue cannot be read');
  const observer = queue.snapshot()?.observer;
  if (observer?.active) return fine('observer', `it runs (process ${observer.pid}, ${observer.status})`);
  return warning(
    'observer',
    'it does not run: no job starts, and none can be queued',
    `there: ${START_COMMAND}`,
  );
}

function clockFinding(host: string, ahead: number): Finding[] {
  if (Math.abs(ahead) < AHEAD_MAX_SECONDS) return [];
  const off = `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? 'ahead of' : 'behind'}`;
  return [
    warning('clock', `that of ${host} is ${off} ours: ages and waits are off by as much`, 'set both by NTP'),
  ];
}

/** The first sentence says what is wrong, the rest what mends it. */
function splitHint(problem: string): [string, string | undefined] {
  const [, what = problem, mend] = /^(.*?\.) (.+)$/s.exec(problem) ?? [];
  return [what, mend];
}
