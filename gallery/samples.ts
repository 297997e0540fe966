import { COMMANDS } from '../commands/index.ts';
import { endingAlonePost, endingPost } from '../src/cards/ending-post.ts';
import { jobCard } from '../src/cards/job-card.ts';
import { cutOffKillPost } from '../src/cards/kill-post.ts';
import { awayPost, transitionPost } from '../src/cards/posts.ts';
import { stateBreakPost } from '../src/cards/state-break.ts';
import { statusMessage } from '../src/cards/status.ts';
import { watchPost } from '../src/cards/watch-post.ts';
import type { Analysis } from '../src/core/analysis.ts';
import type { ViewContext } from '../src/core/command.ts';
import type { BoardStatus, JobFacts } from '../src/core/facts.ts';
import type { JobStatus } from '../src/core/job.ts';
import { type Message, textMessage } from '../src/core/message.ts';
import type { Chart } from '../src/core/metrics.ts';
import type { JobRecord } from '../src/core/services/jobs.ts';
import { TRANSITION_KINDS, type Transition, type TransitionKind } from '../src/core/transition.ts';
import type { WaitingLaunches } from '../src/core/waiting-launch.ts';
import type { WatchNews } from '../src/core/watch.ts';

/** A message of the gallery, and the state that it is of. */
export interface Sample {
  group: string;
  name: string;
  message: Message;
}

/** The moment of the gallery, epoch milliseconds: it looks the same whenever it is made. */
export const NOW = Date.parse('2026-11-23T15:24:04Z');
const SECONDS = NOW / 1000;

const JOB: JobRecord = {
  queue: 'gpu1',
  jobId: 'job-0000042',
  enqueuedAt: SECONDS - 4_000,
  taskKey: 'lm.pretrain.SmallGPT',
  launcher: 'multi',
  pythonExecutable: '/opt/venv/bin/python',
  status: 'queued',
  runDir: '/data/runs/run_042',
  stageDir: '/data/runs/run_042/code',
  configPath: '/data/runs/run_042/config.yaml',
  observerLogPath: '/data/runs/run_042/queue_observer.log',
  startedAt: null,
  endedAt: null,
  pid: null,
  processGroupId: null,
  childPids: [],
  oomDetected: false,
  returnCode: null,
  error: null,
  owner: 'ada',
  ownerPerson: 'ada',
  killedBy: null,
  gpus: 2,
  removed: false,
};
const ANALYSIS: Analysis = {
  metric: 'value/loss',
  value: 2.64,
  mean: { value: 2.652, runs: 3 },
  noise: { deviation: 0.0231, source: 'repeats', runs: 5 },
  differences: [
    { why: 'parent', experimentId: 'base', value: 2.771, runs: 2, gain: 0.119, margin: 0.058 },
    { why: 'best', experimentId: 'wider', value: 2.603, runs: 1, gain: -0.049, margin: 0.074 },
  ],
  reading: 'improved',
  because: 'compared with the parent base, by more than seed noise',
};

const FACTS: JobFacts = {
  job: JOB,
  place: null,
  startsIn: null,
  progress: null,
  left: null,
  cause: '',
  experimentId: 'warm-up-500',
  expected: 'no spikes, and a loss below 2.7',
  hypothesis: 'A warm-up of 500 steps lets the rate be twice as high without the spikes of job-0000040.',
  result: '',
  assignments: { learning_rate: '0.006', warmup_steps: '500' },
  canRetry: true,
  canMove: true,
  objective: { tag: 'value/loss', value: 2.64 },
  changes: {
    why: 'best',
    jobId: 'job-0000040',
    experimentId: 'job-0000040',
    text: 'learning_rate 0.003 → 0.006, warmup_steps unset → 500',
  },
  chart: null,
  links: [],
  now: NOW,
};
const CAUSE = {
  text: 'out of device memory: 16.0 GiB could not be allocated (toy.py:42 in on_step_start): XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes',
  advice:
    'Try a smaller batch or gradient_accumulation_steps, rematerialisation, or see what else uses the GPU.',
  lines: [
    '    self.step(state, batch)',
    'XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes',
  ],
};

/** A failed run beside the one that goes on. */
const TOO_LARGE: Partial<JobFacts> = {
  job: job('failed', { jobId: 'job-0000041', owner: 'bob', ownerPerson: 'bob' }),
  cause: CAUSE.text,
  experimentId: 'batch-1024',
  hypothesis: 'A batch four times as large trains as well in a quarter of the steps.',
  expected: 'a loss of 2.6 by step 10,000',
  assignments: { batch_size: '1024' },
  changes: {
    why: 'best',
    jobId: 'job-0000040',
    experimentId: 'job-0000040',
    text: 'batch_size 256 → 1024',
  },
};

function job(status: JobStatus, more: Partial<JobRecord> = {}): JobRecord {
  const started = status === 'queued' ? {} : { startedAt: SECONDS - 3_000 };
  const ended = status === 'queued' || status === 'running' ? {} : { endedAt: SECONDS - 60 };
  return { ...JOB, status, ...started, ...ended, ...more };
}

function transition(kind: TransitionKind, detail: Transition['detail'] = {}): Transition {
  return { job: JOB, kind, at: NOW - 60_000, seenAt: NOW - 59_000, rebuilt: false, detail };
}

const STATUS: BoardStatus = {
  queue: 'gpu1',
  simulated: false,
  problem: null,
  startedBy: 'xax queue start',
  observer: {
    pid: 4_242,
    hostname: 'gpu1',
    startedAt: SECONDS - 90_000,
    updatedAt: SECONDS,
    status: 'running',
    active: true,
  },
  running: [
    {
      job: job('running'),
      owner: 'ada',
      progress: {
        step: 12_000,
        maxSteps: 40_000,
        elapsedSeconds: 3_000,
        stepsPerSecond: 4,
        silentSeconds: null,
        secondsLeft: null,
      },
      left: { low: 6_600, high: 7_800 },
    },
  ],
  waiting: [
    { job: job('queued', { jobId: 'job-0000043' }), owner: 'bea', startsIn: { low: 6_600, high: 7_800 } },
    {
      job: job('queued', { jobId: 'job-0000044', taskKey: 'examples.toy.ToyRegression' }),
      owner: null,
      startsIn: null,
    },
  ],
  waitingCount: 7,
  ended: [
    {
      job: job('completed', { jobId: 'job-0000041' }),
      owner: 'ada',
      objective: { tag: 'value/loss', value: 2.9 },
      summary: '',
    },
    {
      job: job('failed', { jobId: 'job-0000040' }),
      owner: 'ada',
      objective: null,
      summary: 'out of device memory: 16.0 GiB could not be allocated (toy.py:42 in on_step_start)',
    },
  ],
};

/** What waits for the running job. */
const LATER: WaitingLaunches = {
  shown: ['ada', 'bea'].map((person, index) => ({
    id: index + 1,
    kind: 'after',
    preset: 'pretrain',
    by: index === 0 ? 'Ada' : 'Bea',
    person,
    queue: null,
    session: 'main',
    experimentId: index === 0 ? 'plan-3' : 'warm-up-1000',
    job: { queue: JOB.queue, jobId: JOB.jobId, enqueuedAt: JOB.enqueuedAt },
    after: JOB.jobId,
    cause: null,
  })),
  count: 6,
};

/** Every card in every state, every post, and the answers that look different from them. */
export function samples(chart: Chart): Sample[] {
  const card = (name: string, facts: Partial<JobFacts>): Sample => ({
    group: 'a job',
    name,
    message: jobCard({ ...FACTS, ...facts }),
  });
  const board = (name: string, status: Partial<BoardStatus>): Sample => ({
    group: 'the board',
    name,
    message: statusMessage({ ...STATUS, ...status }),
  });
  const post = (name: string, message: Message): Sample => ({ group: 'in the thread', name, message });
  const told = (name: string, message: Message): Sample => ({ group: 'answers', name, message });
  const ending = (status: JobStatus) => ({
    transition: transition(status as TransitionKind),
    job: job(status),
    cause: status === 'failed' ? CAUSE : null,
    objective: FACTS.objective,
    canRetry: true,
    chart: status === 'cancelled' ? null : chart,
    analysis: ANALYSIS,
    changes: {
      why: 'parent' as const,
      jobId: 'job-0000040',
      experimentId: 'lr-003',
      text: 'warmup_steps 0 → 500',
    },
    purpose: { hypothesis: FACTS.hypothesis, expected: FACTS.expected },
  });
  const progress = STATUS.running[0]!.progress;
  const news: WatchNews = {
    rule: { name: 'nan', when: 'nan' },
    job: job('running'),
    words: 'value/loss is NaN, since step 31,200',
    since: NOW - 600_000,
    over: false,
    chart,
  };

  return [
    card('waiting', {
      place: 3,
      startsIn: { low: 6_600, high: 7_800 },
      objective: null,
    }),
    card('running', { job: job('running'), progress, left: { low: 6_600, high: 7_800 }, chart }),
    card('running, with what comes after it', { job: job('running'), objective: null, next: LATER }),
    card('running, without a step yet', { job: job('running'), objective: null }),
    card('completed', { job: job('completed'), chart, result: 'confirmed: no spikes, and 4% better' }),
    card('failed', TOO_LARGE),
    card('cancelled', { job: job('cancelled'), objective: null }),
    card('gone', { job: job('queued', { removed: true }), objective: null }),
    post('a watch', watchPost(news, NOW, { name: 'job-0000042', owner: { id: 'ada', name: 'Ada' } })),
    post(
      'a watch that is over',
      watchPost({ ...news, over: true, chart: null }, NOW, { name: 'job-0000042', owner: undefined }),
    ),
    post(
      'idle GPUs',
      watchPost(
        {
          ...news,
          job: null,
          rule: { name: 'gpu-idle', when: 'gpu-idle' },
          words:
            'the GPUs have been idle for 45 min, nothing is queued, and 2 hypotheses wait: plan-1, plan-2',
          chart: null,
        },
        NOW,
      ),
    ),
    board('busy', {}),
    board('busy, with what comes later', { launches: LATER }),
    board('idle', { running: [], waiting: [], waitingCount: 0, ended: [] }),
    board('without an observer', { observer: null, running: [] }),
    board('unreadable', {
      problem: 'the state file is broken since 15:20',
      observer: null,
      running: [],
      waiting: [],
      waitingCount: 0,
    }),
    ...TRANSITION_KINDS.map((kind) =>
      post(
        kind,
        transitionPost(
          transition(kind, {
            from: kind === 'moved' ? 5 : 'completed',
            to: kind === 'moved' ? 1 : 'cancelled',
          }),
          job('running'),
        ),
      ),
    ),
    post(
      'cancelled by somebody',
      transitionPost(
        { ...transition('cancelled'), by: { name: 'Claude', approvedBy: 'Ada' } },
        job('cancelled'),
      ),
    ),
    post(
      'a kill that was cut off',
      cutOffKillPost({
        by: { name: 'Ada' },
        job: JOB,
        at: NOW - 900_000,
        signal: 'SIGTERM',
        state: 'still-runs',
      }),
    ),
    post('the end of a good run', endingPost(ending('completed'))),
    post('the end of a failed one', endingPost(ending('failed'), { id: 'ada', name: 'Ada' })),
    {
      group: 'beside the thread',
      name: 'an end, to a subscriber',
      message: endingAlonePost(ending('failed')),
    },
    {
      group: 'beside the thread',
      name: 'a state file that was reset',
      message: stateBreakPost({
        because: 'anew',
        queue: 'gpu1',
        gone: [job('running'), job('queued', { jobId: 'job-0000043' }), job('completed'), job('failed')],
        returned: 0,
      }),
    },
    {
      group: 'beside the thread',
      name: 'what happened while it was away',
      message: awayPost([
        { transition: transition('failed'), job: job('failed'), why: CAUSE.text },
        { transition: transition('completed'), job: job('completed', { jobId: 'job-0000039' }), why: '' },
      ]),
    },
    told(
      'help',
      view('help', {
        commands: COMMANDS.map(({ name, group, summary, role }) => ({
          name,
          typed: `/xax ${name}`,
          usage: name,
          group,
          summary,
          role,
          options: [],
          examples: [],
        })),
        one: false,
        more: '/xax help COMMAND',
      }),
    ),
    told(
      'a note that was kept',
      view('note', {
        id: 12,
        isNew: true,
        state: 'kept',
        jobId: JOB.jobId,
        author: 'Bea',
        authorId: 'bea',
        text: '',
        quoted: true,
      }),
    ),
    told(
      'a verdict',
      view('verdict', {
        jobId: JOB.jobId,
        verdict: 'confirmed',
        by: 'Ada',
        row: { result_summary: 'confirmed: no spikes, and 4% better', next_action: 'try 1000 steps' },
      }),
    ),
    told(
      'queued',
      view('queue', {
        state: 'queued',
        preset: 'gpt',
        assignments: FACTS.assignments,
        jobId: 'job-0000045',
        runDir: '/data/runs/run_045',
        seconds: 6,
      }),
    ),
    told(
      'not queued',
      view('queue', {
        state: 'failed',
        preset: 'gpt',
        assignments: {},
        reason: 'The launcher exited with code 1.',
        lastLines: ['ModuleNotFoundError: No module named "lm"'],
        seconds: 2,
      }),
    ),
    told(
      'health',
      view('health', {
        items: [
          { name: 'queue', ok: true, detail: '/home/ml/.xax, 44 jobs' },
          {
            name: 'slack',
            ok: false,
            detail: 'xaxbot is not in the channel C012AB3CD: type "/invite @xaxbot" there',
          },
        ],
      }),
    ),
    told(
      'a refusal',
      textMessage(
        'cancel needs the role operator; your role is viewer. An admin can change that under people: in xaxbot.yaml.',
        'warning',
      ),
    ),
    told(
      'a log of 2,000 lines',
      view(
        'logs',
        {
          jobId: JOB.jobId,
          kind: 'observer',
          part: 'end',
          lines: Array.from(
            { length: 2_000 },
            (_, line) => `step ${line} loss ${(3 - line / 1000).toFixed(3)}`,
          ),
          truncated: false,
          from: 0,
          file: null,
          bytes: 0,
        },
        { whole: true },
      ),
    ),
  ];
}

function view(command: string, data: unknown, more: Partial<ViewContext> = {}): Message {
  return COMMANDS.find(({ name }) => name === command)!.view(data, { now: NOW, ...more });
}
