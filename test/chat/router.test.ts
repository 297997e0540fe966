import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GROUPS } from '../../commands/groups.ts';
import { COMMANDS } from '../../commands/index.ts';
import type { Reply } from '../../src/core/adapter.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { SimulatedQueue } from '../../src/queue/simulated/index.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { toyQueue } from '../toy-bot.ts';

const PEOPLE = {
  ada: { id: 'ada', name: 'Ada', role: 'operator' as const },
  bob: { id: 'bob', name: 'Bob', role: 'operator' as const },
  eve: { id: 'eve', name: 'Eve', role: 'viewer' as const },
  stranger: { id: 'web:x', name: 'x', role: null },
};
const HOSTILE = 'x <script>alert(1)</script> =1+1 @everyone \u202egnp.exe\u0007 🕒 שלום';

describe('commands given by people', () => {
  const folder = temporaryFolder();
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  let queue: SimulatedQueue;
  const text = (reply: Reply) => plainText(reply.message);
  const confirm = async (reply: Reply, person: (typeof PEOPLE)[keyof typeof PEOPLE]) => {
    let last: Reply | undefined;
    const { token } = reply.data as { token: string };
    await bot.app.handlers.invoke(
      {
        adapter: 'web',
        channel: 'queue',
        person,
        input: { kind: 'options', command: 'confirm', options: { token } },
      },
      async (each) => {
        last = each;
      },
    );
    return last!;
  };

  beforeAll(async () => {
    const yaml = `host: g1\nkill: {grace_seconds: 0.2}\npresets:\n  toy:\n    cwd: ${folder}\n    argv: [python, -m, examples.toy]\n    options:\n      learning_rate: {type: number, min: 0, max: 1}\n`;
    bot = await startTestBot({
      folder,
      home: folder,
      yaml,
      queue: () => {
        queue = toyQueue(folder);
        return queue;
      },
    });
  });
  afterAll(() => bot.app.stop());
  afterEach(async () => {
    for (const job of [...queue.snapshot()!.jobs.values()].reverse()) {
      if (job.status === 'queued') await queue.cancel(job);
      if (job.status === 'running') await queue.kill(job, { graceMs: 10 });
    }
    await bot.app.settled();
  });
  const enqueue = async (seconds: number) => {
    const job = queue.enqueue({
      taskKey: 'examples.toy.ToyRegression',
      settings: {},
      steps: 100,
      seconds,
      fate: 'completes',
    });
    await bot.app.settled();
    return job;
  };

  it('a stranger may ask for help and nothing else', async () => {
    expect((await bot.ask('help', { person: PEOPLE.stranger })).ok).toBe(true);
    for (const words of ['status', 'jobs', 'queue toy', 'kill last', 'export']) {
      const reply = await bot.ask(words, { person: PEOPLE.stranger });
      expect([reply.ok, reply.visibility, reply.errorCode], words).toEqual([
        false,
        'private',
        expect.stringMatching(/not-allowed/),
      ]);
    }
  });

  it('help lists each command once, in one sentence, and what it takes where it is asked', async () => {
    const { message } = await bot.ask('help');
    const lines = text(await bot.ask('help')).split('\n');
    const listed = lines
      .map((line) => /^([\w-]+) {2,}\S/.exec(line)?.[1])
      .filter((name) => name !== 'command');
    // The simulated queue serves no TensorBoard and has no scheduler, so that these are not offered.
    const offered = COMMANDS.filter(({ needs }) => needs !== 'tensorboard' && needs !== 'steer');
    const names = offered.map(({ name }) => name).toSorted();
    expect(listed.filter((name) => name !== undefined).toSorted()).toEqual(names);
    expect(new Set(COMMANDS.map(({ group }) => group))).toEqual(new Set(GROUPS));
    expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThan(80);
    expect(lines).toContainEqual(
      expect.stringMatching(/^verdict +Record what a run showed about its hypothesis\.$/),
    );
    expect(lines).toContainEqual('Experiments');
    expect(plainText(message)).toContain('/xax help COMMAND says what a command takes');
    expect(text(await bot.ask('help verdict'))).toMatch(
      /^\/xax verdict JOB confirmed\|.*\/xax verdict 7 confirmed/s,
    );
  });

  it('a viewer may read, and is told which role a change needs', async () => {
    expect((await bot.ask('status', { person: PEOPLE.eve })).ok).toBe(true);
    expect(text(await bot.ask('queue toy', { person: PEOPLE.eve }))).toMatch(
      /queue needs the role operator; your role is viewer/,
    );
    expect(text(await bot.ask('hypothesis add "x"', { person: PEOPLE.eve }))).toMatch(
      /needs the role operator/,
    );
  });

  it("a launch tells at once, then its job; the hypothesis and the owner are the job's", async () => {
    const replies: Reply[] = [];
    const input = {
      kind: 'text' as const,
      words: 'queue toy learning_rate=0.01 hypothesis="lower is smoother"',
    };
    await bot.app.handlers.invoke(
      { adapter: 'web', channel: 'queue', person: PEOPLE.ada, input },
      async (reply) => void replies.push(reply),
    );
    expect(text(replies[0]!)).toMatch(/^Launching toy learning_rate=0.01/);
    expect(replies.at(-1)).toMatchObject({ ok: true, final: true, visibility: 'private' });
    const { jobId } = replies.at(-1)!.data as { jobId: string };
    const job = (await bot.ask(`job ${jobId}`)).data as {
      facts: { job: { owner: string } };
      experiment: { hypothesis: string; command: string };
    };
    expect(job).toMatchObject({
      facts: { job: { owner: 'ada' } },
      experiment: { hypothesis: 'lower is smoother', command: expect.stringContaining('learning_rate=0.01') },
    });
  });

  it('a retry launches from the same preset with the first as parent', async () => {
    const first = (await bot.ask('queue toy learning_rate=0.02')).data as {
      jobId: string;
      experimentId: string;
    };
    const again = (await bot.ask(`retry ${first.jobId} learning_rate=0.03`)).data as {
      jobId: string;
      assignments: Record<string, string>;
    };
    expect(again.assignments).toEqual({ learning_rate: '0.03' });
    const { experiment } = (await bot.ask(`job ${again.jobId}`)).data as {
      experiment: { parent_experiment_id: string };
    };
    expect(experiment.parent_experiment_id).toBe(first.experimentId);
    const shell = await enqueue(0.05);
    expect(text(await bot.ask(`retry ${shell.jobId}`))).toMatch(/was not launched from a preset/);
  });

  it('a kill asks first, only the one who was asked may say yes, and only once', async () => {
    const job = await enqueue(600);
    await eventually('running', () => queue.snapshot()!.running.includes(job.jobId));
    await bot.app.settled();
    const question = await bot.ask('kill running', { person: PEOPLE.ada });
    expect([question.ok, question.visibility, text(question)]).toEqual([
      false,
      'private',
      expect.stringContaining(`Kill ${job.jobId} ToyRegression`),
    ]);
    expect(text(await confirm(question, PEOPLE.bob))).toMatch(/put to somebody else/);
    expect(queue.snapshot()!.jobs.get(job.jobId)!.status).toBe('running');
    expect(text(await confirm(question, PEOPLE.ada))).toMatch(/Killed .*SIGTERM ended it/);
    expect(text(await confirm(question, PEOPLE.ada))).toMatch(/^You answered this \d+ s ago: Killed/);
    await bot.app.settled();
    expect(text(await bot.ask(`job ${job.jobId}`))).toContain('killed by Ada (SIGTERM)');
  });

  it('a yes to a kill that comes when another job has taken the place kills nothing', async () => {
    const [first, second] = [await enqueue(600), await enqueue(600)];
    await eventually('running', () => queue.snapshot()!.running.includes(first.jobId));
    await bot.app.settled();
    const question = await bot.ask('kill running', { person: PEOPLE.ada });
    await queue.kill(first, { graceMs: 10 });
    await eventually('the next one', () => queue.snapshot()!.running.includes(second.jobId));
    await bot.app.settled();
    expect(text(await confirm(question, PEOPLE.ada))).toMatch(
      new RegExp(`Nothing was killed: ${first.jobId}`),
    );
    expect(queue.snapshot()!.jobs.get(second.jobId)!.status).toBe('running');
    await queue.kill(second, { graceMs: 10 });
  });

  it('what cannot be done is said in words, privately, and nothing is changed', async () => {
    const before = queue.journal().length;
    const cases: [string, RegExp][] = [
      ['toast', /no command "toast"/],
      ['queue tooy', /no preset "tooy".*mean toy/],
      ['queue toy learning_rate=7', /accepted: a number from 0 to 1/],
      ['queue toy lr=0.1', /no option lr.*Did you mean learning_rate/],
      ['plan', /^preset \(which preset.*\) and hypothesis \(why it is run.*\) are missing\. /],
      ['plan toy', /^hypothesis is missing: why it is run/],
      ['digest month', /"month" does not match any option.*accepted: day, week/],
      ['jobs status=runnin', /accepted: one of .* \(nearest: running\)/],
      ['jobs status=xyz', /accepted: one of queued, running, completed, failed, cancelled, ended\. Nothing/],
      ['frobnicate', /no command "frobnicate"\. "\/xax help" lists them all/],
      ['verdict plan-1 confirmed no', /no job "plan-1"/],
      ['queue toy position=99', /position 99 is past the end/],
      ['queue toy position=0', /position is "0"; accepted: a whole number from 1/],
      ['queue toy parent=nobody', /no experiment "nobody"/],
      ['queue toy learning_rate=${oc.env:HOME}', /would expand it/],
      ['move last 9', /Nothing was changed/],
      ['job 4711', /no job "4711"/],
      ['logs last nonsense', /does not match any option/],
      [`note last ${'x'.repeat(5_000)}`, /text has 5000 characters/],
      ['kill', /Which job\?|missing/],
    ];
    for (const [words, expected] of cases) {
      const reply = await bot.ask(words);
      expect([reply.ok, text(reply)], words).toEqual([false, expect.stringMatching(expected)]);
    }
    expect(queue.journal().length).toBe(before);
  });

  it('keeps hostile text as text, without what would reorder or ring', async () => {
    await bot.ask(`note last ${HOSTILE}`);
    const { notes } = (await bot.ask('job last')).data as { notes: { text: string }[] };
    expect(notes.at(-1)!.text).toBe('x <script>alert(1)</script> =1+1 @everyone gnp.exe 🕒 שלום');
  });

  it('writes down who asked for a change, before and after', async () => {
    const rows = bot.app.parts.db
      .prepare(
        `SELECT a.person, a.command, coalesce(o.event, 'begun') AS outcome
         FROM audit a LEFT JOIN audit o ON o.attempt = a.id WHERE a.event = 'begun' AND a.command IN ('kill', 'note')`,
      )
      .all() as { person: string; command: string; outcome: string }[];
    expect(rows).toContainEqual({ person: 'ada', command: 'kill', outcome: 'done' });
    expect(rows).toContainEqual({ person: 'ada', command: 'kill', outcome: 'refused' });
    expect(rows.every(({ outcome }) => outcome !== 'begun')).toBe(true);
  });

  it('tells of the day what truly happened, by the journal of the queue itself', async () => {
    await bot.app.settled();
    const ids = [...new Set(queue.journal().map(({ jobId }) => jobId))];
    for (const jobId of ids) {
      const job = queue.snapshot()!.jobs.get(jobId)!;
      const { transitions } = (await bot.ask(`job ${jobId}`)).data as {
        transitions: { kind: string; at: number }[];
      };
      const truth = queue.journal().filter((entry) => entry.jobId === jobId && entry.event !== 'moved');
      expect(
        transitions.filter(({ kind }) => kind !== 'moved').map(({ kind, at }) => [kind, at]),
        job.jobId,
      ).toEqual(truth.map(({ event, at }) => [event, Math.round(at * 1000)]));
    }
  });
});
