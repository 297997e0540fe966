import { afterAll, beforeAll, expect, it } from 'vitest';
import { inOneUnit } from '../../adapters/mcp/times.ts';
import { COMMANDS } from '../../commands/index.ts';
import { eventually } from '../helpers.ts';
import { ADA, CLAUDE, type ToyBot, toyBot } from '../toy-bot.ts';

/** What shows every kind of data that a command has, in order; JOB has ended, RUN runs, NEXT waits. */
const LINES: Record<string, string[]> = {
  session: [
    'session new study metric=value/loss mode=min target=0.1 runs=20 hours=4 until=2099-12-24',
    'session',
    'session change target=0.2',
    'session list',
    'session new other metric=value/loss mode=min',
    'session use study',
    'session close other',
  ],
  plan: ['plan toy hypothesis="lower is smoother" name=base', 'plan toy hypothesis="again" name=gone'],
  hypothesis: ['hypothesis add "wider is better" name=wider', 'hypothesis list'],
  experiment: [
    'experiment show base',
    'experiment list',
    'experiment edit base note="see"',
    'experiment supersede gone',
    'experiment restore gone',
  ],
  queue: ['queue experiment=base'],
  status: ['status'],
  jobs: ['jobs', 'jobs status=completed'],
  job: ['job JOB', 'job RUN', 'job NEXT'],
  config: ['config JOB'],
  logs: ['logs JOB'],
  metrics: ['metrics JOB', 'metrics JOB points=5'],
  compare: ['compare JOB RUN'],
  diff: ['diff JOB to=RUN'],
  verdict: ['verdict JOB confirmed "as expected"'],
  verdicts: ['verdicts'],
  scoreboard: ['scoreboard'],
  note: ['note JOB "flat from the middle on"', 'note JOB "and noisy"'],
  notes: ['notes JOB'],
  redact: ['redact 1'],
  withdraw: ['withdraw 2'],
  move: ['move NEXT 1'],
  retry: ['retry last'],
  cancel: ['cancel NEXT'],
  kill: ['kill RUN'],
  suggest: ['suggest'],
  sweep: ['sweep toy learning_rate=0.1,0.2'],
  dismiss: ['dismiss toy learning_rate=0.5 reason="too much"'],
  dismissed: ['dismissed'],
  watch: [
    'watch list',
    'watch add nan',
    'watch mute all minutes=60',
    'watch list',
    'watch unmute all',
    'watch remove nan',
  ],
  subscribe: ['subscribe', 'subscribe JOB'],
  pings: ['pings mute job=JOB', 'pings'],
  presets: ['presets'],
  proposals: ['proposals', 'proposals 1', 'proposals 3'],
  wait: ['wait JOB', 'wait RUN', 'wait proposal=1', 'wait since=0.0.0', 'wait'],
  week: ['week'],
  digest: ['digest', 'digest week'],
  report: ['report'],
  export: ['export json'],
  health: ['health'],
  help: ['help', 'help queue'],
  gpus: ['gpus'],
  observer: ['observer restart'],
  link: ['link'],
  logins: ['logins'],
  approve: ['approve 1'],
  deny: ['deny 2'],
  backup: ['backup'],
  words: ['words export', 'words remove'],
  audit: ['audit', 'audit 24h'],
};

/** Of the lines, those of so many commands come before there is a job. */
const BEFORE_JOBS = 4;

/** Seconds and milliseconds since 1970 are of this size in this century; what else we count is not. */
const isEpoch = (value: number) => (value > 9e8 && value < 4.2e9) || (value > 9e11 && value < 4.2e12);

/** The numbers that are an epoch's or count milliseconds, by the names that lead to them. */
function strayTimes(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return isEpoch(value) || /Ms$/.test(path) ? [`${path}: ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => strayTimes(each, `${path}.${name}`));
}

let world: ToyBot;
beforeAll(async () => {
  world = await toyBot({ settings: { agents: { may_propose: ['kill'] } }, launchedSeconds: 600 });
});
afterAll(() => world.stop());

it('no data of any command has a time but as an instant in UTC or in seconds', async () => {
  const able = COMMANDS.filter(({ needs }) => needs === undefined || needs in world.queue);
  expect(Object.keys(LINES).sort()).toEqual(able.map(({ name }) => name).sort());
  /** The lines that had data. */
  const seen = new Set<string>();
  const stray: string[] = [];
  let names: Record<string, string> = {};
  async function ask(line: string): Promise<void> {
    const given = line.replace(/\b(JOB|RUN|NEXT)\b/g, (name) => names[name] ?? name);
    const reply = await world.ask(given, ADA, { preconfirmed: true });
    const data = JSON.parse(JSON.stringify(reply.data ?? null)) as unknown;
    if (data !== null) seen.add(line);
    stray.push(...strayTimes(inOneUnit(data), line));
  }
  const lines = Object.values(LINES);
  for (const line of lines.slice(0, BEFORE_JOBS).flat()) await ask(line);
  const ended = await world.enqueue(0.05);
  await world.ended(ended.jobId);
  const run = await world.enqueue(600);
  await eventually('it runs', () => world.queue.snapshot()!.running.includes(run.jobId));
  const next = await world.enqueue(600);
  names = { JOB: ended.jobId, RUN: run.jobId, NEXT: next.jobId };
  for (const line of ['cancel NEXT', 'move NEXT 1', 'kill RUN'])
    await world.ask(
      line.replace(/[A-Z]+/, (name) => names[name]!),
      CLAUDE,
    );
  for (const line of lines.slice(BEFORE_JOBS).flat()) await ask(line);
  expect(stray).toEqual([]);
  expect(lines.flat().filter((line) => !seen.has(line))).toEqual([]);
}, 60_000);
