import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { setup } from '../../src/cli/doctor/index.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { QUEUE_KINDS } from '../../src/queue/registry.ts';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import { EMPTY_DAY } from '../../src/queue/simulated/script.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { load, problem } from '../config/load.ts';
import { describeQueueContract } from '../contract/queue.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createTinyQueue, opened, tinyKind } from './kind.ts';

/** The one line that registers it. */
const queueKinds = [...QUEUE_KINDS, tinyKind];

const JOB = { taskKey: 'tiny.Task', settings: {}, steps: 10, seconds: 600, fate: 'completes' } as const;

describeQueueContract('a tiny queue', tinyKind, async () => {
  const whole = createSimulatedQueue({
    name: 'tiny',
    folder: temporaryFolder(),
    script: EMPTY_DAY,
    seed: 1,
    clock: Date.now,
    tickMs: 100,
  });
  const queue = createTinyQueue(whole);
  return {
    queue,
    async enqueue({ seconds, fails, ignoresSigterm }) {
      const fate = fails ? ('fails' as const) : ('completes' as const);
      const { jobId, enqueuedAt } = whole.enqueue({ ...JOB, steps: 100, seconds, fate, ignoresSigterm });
      return { queue: queue.name, jobId, enqueuedAt };
    },
    close: () => queue.stop(),
  };
});

describe('the settings of a queue kind that is one line more in the registry', () => {
  it('are its own, and refused with the line, the key and what is accepted', () => {
    const { queues } = load('queues: [{name: t, kind: tiny, seed: 7}]\n', {}, {}, { queueKinds });
    expect(queues).toMatchObject([{ name: 't', kind: { name: 'tiny' }, settings: { seed: 7 } }]);
    const refused = (yaml: string) => problem(yaml, {}, {}, { queueKinds });
    expect(refused('queues: [{name: t, kind: tiny, sead: 7}]\n')).toMatch(
      /did you mean seed\? Accepted: seed, name, kind/,
    );
    expect(refused('queues: [{name: t, kind: tinny}]\n')).toMatch(
      /did you mean tiny\? Accepted: xax, simulated, slurm, tiny/,
    );
  });

  it('show in doctor', () => {
    const config = load('queues: [{name: t, kind: tiny, seed: 7}]\n', {}, {}, { queueKinds });
    expect(setup(config, { env: {}, cwd: '/' })).toContainEqual(['queue', 'tiny, with the seed 7']);
  });
});

describe('a bot on a queue that can do little', () => {
  let bot: Awaited<ReturnType<typeof startTestBot>> | undefined;
  afterEach(() => bot?.app.stop());

  const start = async (others = '') => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'x'));
    const { home } = createRecordedHome(join(folder, 'x'));
    const yaml = `watch: {defaults: false}\nqueues:\n  - {name: t, kind: tiny}\n${others.replace('HOME', home)}`;
    bot = await startTestBot({ folder, home, yaml, queueKinds });
    return bot;
  };
  const said = async (words: string) => plainText((await bot!.ask(words)).message, { now: Date.now() });
  const buttonsOf = ({ blocks }: Message) =>
    blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons.map(({ label }) => label) : []));

  it('shows in health by its own words, and is not told to start what it has not', async () => {
    await start();
    const names = bot!.app.health().map(({ name, ok, detail }) => `${name} ${ok} ${detail}`);
    expect(names).toContain('queue true tiny, 0 jobs');
    expect(names.some((line) => line.startsWith('observer'))).toBe(false);
    expect(JSON.stringify(bot!.app.health())).not.toContain('xax queue start');
    expect(await said('status')).not.toMatch(/observer/i);
  });

  it('offers nothing that it cannot do: in help, completion, cards; asked all the same, it says why and what else', async () => {
    await start();
    opened.get('t')!.enqueue(JOB);
    opened.get('t')!.enqueue(JOB);
    opened.get('t')!.enqueue(JOB);
    await eventually('they wait', async () => (await said('jobs')).includes('job-0000003'));
    const help = await said('help');
    expect(help).toContain('cancel');
    for (const name of ['move', 'observer', 'gpus', 'tensorboard', 'retry']) {
      expect(help).not.toMatch(new RegExp(`^\\s*${name}\\b`, 'm'));
      const request = {
        adapter: 'web',
        channel: 'queue',
        person: { id: 'root', name: 'root', role: 'admin' as const },
      };
      const completed = await bot!.app.handlers.complete(request, name.slice(0, 3));
      expect(completed.map(({ insert }) => insert)).not.toContain(name);
      expect(bot!.app.handlers.commands.map((command) => command.name)).not.toContain(name);
    }
    expect(await said('move 3 1')).toMatch(/^t is a tiny queue: its jobs cannot be moved\. .*"\/xax cancel"/);
    expect(await said('observer stop')).toMatch(/t is a tiny queue: it has no observer/);
    const { message } = await bot!.ask('job 3');
    expect(buttonsOf(message)).toContain('Cancel');
    expect(buttonsOf(message)).not.toContain('Run next');
    expect(await said('cancel 3')).toMatch(/Cancelled: job-0000003/);
  });

  it('beside one that can do more, is the exception: each is offered what it can do', async () => {
    await start('  - {name: x, home: HOME}\n  - {name: s, kind: simulated, script: empty}\n');
    opened.get('t')!.enqueue(JOB);
    opened.get('t')!.enqueue(JOB);
    await eventually('it waits', async () => (await said('jobs')).includes('t/job-0000002'));
    expect(await said('help')).toMatch(/^\s*move\b/m);
    expect(await said('move t/2 1')).toMatch(/t is a tiny queue: its jobs cannot be moved/);
    expect(await said('gpus on=t')).toMatch(/on is "t"|kind tiny/);
    expect(await said('observer stop')).toMatch(/Which queue\? Name one of x, s: on=x/);
  });
});
