import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { isProposed, partsOf } from '../../src/core/command-parts.ts';
import { eventually } from '../helpers.ts';
import { ADA, CLAUDE, type ToyBot, toyBot, words } from '../toy-bot.ts';

/** What cannot be done, by the command; JOB is a shell's job that has ended, RUN one that runs, NEXT one that waits. */
const IMPOSSIBLE: Record<string, string[]> = {
  queue: [
    'queue',
    'queue nope',
    'queue toy learning_rate=7',
    'queue toy lr=0.1',
    'queue toy position=99',
    'queue experiment=nope',
    'queue experiment=JOB',
    'queue experiment=gone',
    'queue toy parent=nope',
    'queue toy name=a/b',
    'queue toy name=base',
    'queue experiment=base name=other',
    'queue experiment=base hypothesis="another"',
    'queue toy experiment=base parent=base',
  ],
  retry: ['retry JOB', 'retry nope', 'retry'],
  move: ['move JOB 1', 'move RUN 1', 'move NEXT 99', 'move nope 1', 'move NEXT'],
  cancel: ['cancel JOB', 'cancel RUN', 'cancel nope'],
  kill: ['kill JOB', 'kill NEXT', 'kill nope'],
  observer: [
    'observer',
    'observer start',
    'observer stop queue-gpus=0',
    'observer restart queue-gpus=0,0',
    'observer start queue-gpus=x',
    'observer restart queue-num-gpus=0',
    'observer restart queue-gpus=0 queue-num-gpus=1',
  ],
  verdict: [
    'verdict RUN confirmed "x"',
    'verdict NEXT confirmed "x"',
    'verdict nope confirmed "x"',
    'verdict JOB maybe "x"',
  ],
  sweep: [
    'sweep nope learning_rate=0.1..0.2',
    'sweep toy learning_rate=0.1..9',
    'sweep toy lr=1,2',
    'sweep toy',
    'sweep toy learning_rate=0.1,0.2 parent=nope',
    'sweep toy learning_rate=0.1,0.2 queue=true parent=nope',
  ],
  dismiss: [
    'dismiss nope reason="x"',
    'dismiss toy learning_rate=9 reason="x"',
    'dismiss toy learning_rate=0.1 about=momentum reason="x"',
    'dismiss toy learning_rate=0.1',
  ],
  dismissed_undo: ['dismissed undo=99'],
  redact: ['redact 99'],
  experiment_change: [
    'experiment edit',
    'experiment edit nope next=x',
    'experiment edit base',
    'experiment edit base by=gone',
    'experiment edit base parent=nope',
    'experiment edit base parent=base',
    'experiment edit base parent=child',
    'experiment edit base untag=lr',
    'experiment edit base tag="a b"',
    'experiment edit JOB result="confirmed: x"',
    'experiment supersede nope',
    'experiment supersede base by=nope',
    'experiment supersede base by=base',
    'experiment supersede gone',
    'experiment supersede base next=x',
    'experiment restore base',
    'experiment restore JOB',
    'experiment restore nope',
    'experiment restore',
  ],
  session_change: [
    'session new a/b',
    'session new ..',
    'session new .hidden',
    'session new study',
    'session new STUDY',
    'session new x until=2020-01-01',
    'session new x until=soon',
    'session new x target=low',
    'session new x metric=value/loss',
    'session new x mode=min',
    'session new x metric=value/loss mode=min points=3',
    'session new x runs=0',
    'session new x hours=-1',
    'session use',
    'session use nope',
    'session use a/b',
    'session change',
    'session change nope target=1',
    'session change a/b target=1',
    'session change runs=1.5',
    'session change until=2020-01-01',
    'session close',
    'session close nope',
    'session close study',
    'session close a/b',
  ],
  watch_change: [
    'watch add',
    'watch add nonsense',
    'watch add above value/loss',
    'watch add nan name=all',
    'watch add slow value=0.5',
    'watch add above value/loss nan',
    'watch add above value/loss 5 points=0',
    'watch add stalled minutes=0',
    'watch remove',
    'watch remove nope',
    'watch remove all',
    'watch mute',
    'watch mute nope',
    'watch mute all minutes=0',
    'watch mute all job=nope',
    'watch unmute',
    'watch unmute nan',
    'watch unmute all',
  ],
  tensorboard: ['tensorboard nope', 'tensorboard JOB', 'tensorboard stop'],
};

/** The same of what an agent does without asking. */
const BY_ITSELF = [
  'hypothesis add',
  'hypothesis add "x" name=base',
  'hypothesis add "x" name=base replace=true',
  'hypothesis add "x" name=a/b',
  'hypothesis add "x" parent=nope',
  'hypothesis add "x" job=nope',
  'hypothesis add "x" job=JOB',
  'plan nope hypothesis="x"',
  'plan toy hypothesis="x" name=base',
  'plan toy hypothesis="x" parent=nope',
  'plan toy learning_rate=9 hypothesis="x"',
  'plan toy lr=0.1 hypothesis="x"',
  'note nope "x"',
  'note JOB',
  'withdraw 99',
];

let world: ToyBot;
let names: Record<string, string>;
const named = (line: string) => line.replace(/\b(JOB|RUN|NEXT)\b/g, (name) => names[name]!);
const proposed = async () => ((await world.ask('proposals')).data as { list: unknown[] }).list.length;

beforeAll(async () => {
  world = await toyBot({ settings: { agents: { may_propose: ['kill', 'observer'] } }, launchedSeconds: 600 });
  await world.ask('session new old metric=value/loss mode=min');
  await world.ask('plan toy hypothesis="before" name=before');
  await world.ask('session new study metric=value/loss mode=min');
  await world.ask('session close old');
  await world.ask('plan toy hypothesis="lower is smoother" name=base');
  await world.ask('plan toy learning_rate=0.02 hypothesis="on top" name=child parent=base');
  await world.ask('plan toy learning_rate=0.03 hypothesis="no more" name=gone');
  await world.ask('experiment supersede gone');
  const ended = await world.enqueue(0.05);
  await world.heardOfEnd(ended.jobId);
  await world.ask(`hypothesis add "by ada" job=${ended.jobId}`);
  const run = await world.enqueue(600);
  await eventually('it runs', () => world.queue.snapshot()!.running.includes(run.jobId));
  const next = await world.enqueue(600);
  names = { JOB: ended.jobId, RUN: run.jobId, NEXT: next.jobId };
});
afterAll(() => world.stop());

describe('what cannot be done is refused when an agent proposes it or does it itself, for the same reason', () => {
  it.each([...Object.values(IMPOSSIBLE).flat(), ...BY_ITSELF])('%s', async (line) => {
    const before = await proposed();
    const run = await world.ask(named(line), ADA, { preconfirmed: true });
    expect([run.ok, words(run)]).toEqual([false, expect.stringMatching(/\S/)]);
    const asked = await world.ask(named(line), CLAUDE);
    expect([asked.ok, words(asked)]).toEqual([false, expect.stringMatching(/\S/)]);
    // What only the queue can refuse is an outcome where it is run.
    if (run.errorCode !== undefined)
      expect([asked.errorCode, words(asked)]).toEqual([run.errorCode, words(run)]);
    expect(await proposed()).toBe(before);
  });

  it('is so of every command that an agent can propose', () => {
    const parts = COMMANDS.filter(({ agents }) => agents !== 'never').flatMap(partsOf);
    expect(Object.keys(IMPOSSIBLE).sort()).toEqual(
      parts
        .filter(isProposed)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('is so of what is in a session that is closed, in which nobody could approve it', async () => {
    const asked = await world.ask('experiment edit old/before next=x', CLAUDE);
    expect([asked.errorCode, words(asked)]).toEqual([
      'session-closed',
      'The session old is closed. Nothing was proposed.',
    ]);
  });

  it('and what can be done is proposed', async () => {
    const before = await proposed();
    const lines = [
      'session new next-study until=2099-01-01',
      'session use old',
      'session change target=0.1',
      'experiment edit base parent=none note="see"',
      'experiment supersede base by=child',
      'experiment restore gone',
      'move NEXT 1',
      'watch add nan',
      'sweep toy learning_rate=0.1,0.2 parent=base',
      'dismiss toy learning_rate=0.5 about=learning_rate reason="x"',
      'verdict JOB confirmed "as expected"',
    ];
    for (const line of lines) {
      const asked = await world.ask(named(line), CLAUDE);
      expect([line, asked.ok, asked.data]).toEqual([
        line,
        true,
        expect.objectContaining({ state: 'waiting' }),
      ]);
    }
    expect(await proposed()).toBe(before + lines.length);
  });
});
