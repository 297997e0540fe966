import { parseArgs } from 'node:util';
import { columnsOf, type Frame, jobsOf, type RecordedJob } from './frames.ts';
import { CannotAnswer, type Printed, refusals } from './program-answer.ts';
import { type Times, withTimes } from './times.ts';

/** Fields of `squeue -O` that the recorded columns do not have: scontrol's name, the heading, and what an absent one is. */
const FROM_SCONTROL: Record<string, { name: string; heading: string; absent?: string }> = {
  account: { name: 'Account', heading: 'ACCOUNT' },
  accruetime: { name: 'AccrueTime', heading: 'ACCRUE_TIME' },
  batchhost: { name: 'BatchHost', heading: 'EXEC_HOST', absent: 'n/a' },
  command: { name: 'Command', heading: 'COMMAND' },
  comment: { name: 'Comment', heading: 'COMMENT' },
  dependency: { name: 'Dependency', heading: 'DEPENDENCY' },
  eligibletime: { name: 'EligibleTime', heading: 'ELIGIBLE_TIME' },
  lastschedeval: { name: 'LastSchedEval', heading: 'LAST_SCHED_EVAL' },
  licenses: { name: 'Licenses', heading: 'LICENSES' },
  nice: { name: 'Nice', heading: 'NICE' },
  numcpus: { name: 'NumCPUs', heading: 'CPUS' },
  numnodes: { name: 'NumNodes', heading: 'NODES' },
  prioritylong: { name: 'Priority', heading: 'PRIORITY' },
  qos: { name: 'QOS', heading: 'QOS' },
  // The real one does not put in what stands for a pattern's %j.
  stdout: { name: 'StdOut', heading: 'STDOUT' },
  'tres-alloc': { name: 'TRES', heading: 'TRES_ALLOC' },
  'tres-per-job': { name: 'TresPerJob', heading: 'TRES_PER_JOB', absent: 'N/A' },
  'tres-per-node': { name: 'TresPerNode', heading: 'TRES_PER_NODE', absent: 'N/A' },
  wckey: { name: 'WCKey', heading: 'WCKEY' },
  workdir: { name: 'WorkDir', heading: 'WORK_DIR' },
};
/** Those that there are (squeue(1) of 22.05, --Format), besides the recorded ones; nobody knows any other. */
const ALL_FIELDS = new Set(
  `account accruetime admin_comment allocnodes allocsid arrayjobid arraytaskid associd batchflag batchhost boardspernode
  burstbuffer burstbufferstate cluster clusterfeature command comment contiguous container cores corespec cpufreq cpus-per-task
  cpus-per-tres deadline delayboot dependency derivedec eligibletime endtime exit_code feature groupid groupname hetjobid
  hetjobidset hetjoboffset jobarrayid jobid lastschedeval licenses maxcpus maxnodes mcslabel mem-per-tres mincpus minmemory
  mintime mintmpdisk name network nice nodes nodelist ntperboard ntpercore ntpernode ntpersocket numcpus numnodes numtasks
  origin originraw oversubscribe partition pendingtime preempttime priority prioritylong profile qos reason reasonlist reboot
  reqnodes reqswitch requeue reservation resizetime restartcnt resvport schednodes sct selectjobinfo siblingsactive
  siblingsactiveraw siblingsviable siblingsviableraw sockets sperboard starttime state statecompact stderr stdin stdout
  stepid stepname stepstate submittime system_comment threads timeleft timelimit timeused tres-alloc tres-bind tres-freq
  tres-per-job tres-per-node tres-per-socket tres-per-step tres-per-task userid username wait4switch wckey workdir`.split(
    /\s+/,
  ),
);
/** Seen without -t. */
const ACTIVE = new Set([
  'PENDING',
  'CONFIGURING',
  'RUNNING',
  'SUSPENDED',
  'COMPLETING',
  'STOPPED',
  'RESIZING',
]);

/** What `squeue` prints of a frame for these arguments. `me` is whose bot it is. */
export function squeue(argv: readonly string[], frame: Frame['commands'], times: Times, me: string): Printed {
  const { values } = parseArgs({
    args: [...argv],
    strict: true,
    options: {
      noheader: { type: 'boolean', short: 'h' },
      all: { type: 'boolean', short: 'a' },
      states: { type: 'string', short: 't' },
      user: { type: 'string', short: 'u' },
      me: { type: 'boolean' },
      jobs: { type: 'string', short: 'j' },
      Format: { type: 'string', short: 'O' },
    },
  });
  if (values.Format === undefined) throw new CannotAnswer('squeue is asked without -O');
  const refused = refusals(frame.squeue);
  if (refused) return refused;

  const users = values.me ? [me] : values.user?.split(',');
  const states = values.states?.toUpperCase().split(',');
  const ids = values.jobs?.split(',');
  const wanted = jobsOf(frame).filter(({ columns }) => {
    const [user, state] = [columns.get('username')!, columns.get('state')!];
    const names = ['jobid', 'jobarrayid', 'arrayjobid'].map((name) => columns.get(name)!);
    return (
      (!users || users.includes(user)) &&
      (states ? states[0] === 'ALL' || states.includes(state) : ACTIVE.has(state)) &&
      (!ids || ids.some((id) => names.includes(id)))
    );
  });
  if (ids?.some((id) => id.includes('_')) && wanted.length === 0)
    throw new CannotAnswer('of a task that waits');
  if (ids?.length === 1 && wanted.length === 0)
    return { code: 1, out: '', error: 'slurm_load_jobs error: Invalid job id specified\n' };

  const recorded = columnsOf(frame.squeue.argv);
  const headings = frame.squeue.out.split('\n', 1)[0]!.split('|');
  const problems: string[] = [];
  const asked = values.Format.split(',').map((column) => {
    const [, name = '', suffix = ''] = /^([^:]*):?((?:[^\d.].*)?)$/.exec(column) ?? [];
    if (suffix === '') throw new CannotAnswer(`of the column ${column}, which has a width: ask for NAME:|`);
    const field = name.toLowerCase();
    const isKnown = recorded.includes(field) || ALL_FIELDS.has(field);
    if (!isKnown) problems.push(`squeue: error: Invalid job format specification: ${name}\n`);
    else if (!recorded.includes(field) && !FROM_SCONTROL[field])
      throw new CannotAnswer(`of the field ${name}`);
    const heading = headings[recorded.indexOf(field)] ?? FROM_SCONTROL[field]?.heading;
    return { suffix, heading: isKnown ? heading : '', of: (job: RecordedJob) => cellOf(job, field) };
  });
  const rows = wanted.map((job) =>
    asked.map(({ of, suffix }) => `${withTimes(of(job), times)}${suffix}`).join(''),
  );
  if (!values.noheader) rows.unshift(asked.map(({ heading, suffix }) => `${heading}${suffix}`).join(''));
  return { code: 0, out: rows.map((row) => `${row}\n`).join(''), error: problems.join('') };
}

function cellOf({ columns, fields }: RecordedJob, field: string): string {
  const recorded = columns.get(field);
  if (recorded !== undefined) return recorded;
  const source = FROM_SCONTROL[field];
  if (source === undefined) return '';
  const value = fields.get(source.name)?.trim() ?? source.absent ?? '(null)';
  return source.name.endsWith('Time') && value === 'Unknown' ? 'N/A' : value;
}
