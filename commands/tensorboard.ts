import { mustBeAllowed } from '../src/core/allowed-action.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Action } from '../src/core/command-declaration.ts';
import { BotError } from '../src/core/errors.ts';
import { type Job, jobName } from '../src/core/job.ts';
import { type Person, personOn } from '../src/core/person.ts';
import { runningIn } from '../src/core/queues.ts';
import type { Services } from '../src/core/services/context.ts';
import { queueMeant } from './queue-meant.ts';

const JOBS_MAX = 12;
/** Among so many that ended last one is looked for. */
const JOBS_LOOKED_AT = 50;

type TensorBoardData =
  | { action: 'starting'; jobIds: string[] }
  | { action: 'start'; jobIds: string[]; port: number; host: string }
  | { action: 'stop'; stopped: number };

/** Both are about a process on the host. */
const ACTIONS = {
  start: {
    summary: 'for some runs; it stops after half an hour without a visitor',
    takes: ['jobs'],
    changes: true,
    role: 'operator',
  },
  stop: {
    summary: 'stop all that were started here',
    takes: [],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
} as const satisfies Readonly<Record<string, Action>>;

export const tensorboard = defineCommand({
  name: 'tensorboard',
  group: 'Runs',
  summary: 'Start TensorBoard for some runs, or stop it',
  examples: ['tensorboard', 'tensorboard 7 9', 'tensorboard stop'],
  options: {
    jobs: {
      type: 'jobs',
      max: JOBS_MAX,
      last: 'began',
      description: 'which runs (default: the running one, else the last)',
    },
    action: { type: 'choice', choices: ['start', 'stop'], description: 'start (default) or stop' },
  },
  needs: 'tensorboard',
  services: ['queues', 'jobs', 'tensorboards', 'hostLabel'],
  role: 'viewer',
  visibility: 'private',
  changes: true,
  actions: ACTIONS,
  check({ jobs, action = 'start' }, { services }) {
    if (action === 'start') services.tensorboards.mustOpen(jobs ?? [usualJob(services)]);
  },
  async run({ jobs, action = 'start' }, { caller, reply, services }): Promise<TensorBoardData> {
    const mustBe = (person: Person) => mustBeAllowed('tensorboard', action, ACTIONS[action], person);
    if (action === 'stop') {
      mustBe(caller.person);
      return { action, stopped: await services.tensorboards.stopAll() };
    }
    const chosen = jobs ?? [usualJob(services)];
    const where = chosen.map((job) => services.queues.of(job).name);
    mustBe(personOn(caller.person, where));
    reply.progress({ action: 'starting', jobIds: chosen.map(jobName) });
    return { action: 'start', host: services.hostLabel(), ...(await services.tensorboards.open(chosen)) };
  },
  view(data) {
    if (data.action === 'starting')
      return { blocks: [{ kind: 'text', text: `Starting TensorBoard for ${data.jobIds.join(', ')} …` }] };
    if (data.action === 'stop')
      return {
        blocks: [
          {
            kind: 'text',
            text: data.stopped === 0 ? 'No TensorBoard was running.' : `Stopped: ${data.stopped}.`,
          },
        ],
      };
    const { jobIds, port, host } = data;
    const url = `http://127.0.0.1:${port}/`;
    return {
      blocks: [
        {
          kind: 'text',
          text: [{ bold: 'TensorBoard' }, ` for ${jobIds.join(', ')}: `, { link: url, label: url }],
        },
        {
          kind: 'text',
          text: ['From another machine, first run: ', { code: `ssh -L ${port}:127.0.0.1:${port} ${host}` }],
        },
        { kind: 'text', text: 'It stops after half an hour without a visitor.' },
        {
          kind: 'buttons',
          buttons: [{ label: 'Stop', command: 'tensorboard', options: { action: 'stop' } }],
        },
      ],
    };
  },
});

/** The job that began last among those that run, else the one that ended last, of a queue that serves TensorBoard. Error `which-job`. */
function usualJob({ queues, jobs }: Pick<Services, 'queues' | 'jobs'>): Job {
  const able = queues.with('tensorboard');
  const running = able.flatMap(runningIn).sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  const isAble = (job: Job) => queues.find(job)?.tensorboard !== undefined;
  const job = running[0] ?? jobs.recentlyEnded(JOBS_LOOKED_AT).find(isAble);
  if (job) return job;
  queueMeant(queues, 'tensorboard', able[0]?.name);
  throw new BotError('which-job', 'No job has run yet.', 'Name one: "tensorboard 7".');
}
