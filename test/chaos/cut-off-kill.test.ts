import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { rawJob } from '../queue/xax/helpers.ts';
import { crash } from './bot-process.ts';
import { type PROGRAMS, queueWithJob } from './cut-off-kill-world.ts';

const HOUR_MS = 3_600_000;

describe.skipIf(process.platform !== 'linux')('a kill that a crash of the bot cut off', () => {
  it.each<[keyof typeof PROGRAMS, string]>([
    ['ignores SIGTERM', 'killed by root (SIGKILL)'],
    ['ends at SIGTERM', 'killed by root (SIGTERM)'],
  ])('before any signal is taken up again: a job that %s is %s', async (program, words) => {
    const world = await queueWithJob(program, { hasPid: false });
    world.ask();
    await eventually('it waits for the process', world.isWrittenDown);
    await crash(world.process);
    expect([world.isAlive(), world.terms()]).toEqual([true, '']);
    world.write({ status: 'running', ...world.pids });
    const next = await world.restart();
    await next.tells(words);
    expect(world.terms()).toBe('TERM\n');
    const cutOff = (await next.thread()).filter((text) => text.includes('interrupted'));
    expect(cutOff).toEqual([
      expect.stringMatching(/^job-\d+: the kill by root at .* before any signal.*being resumed/),
    ]);
  });

  it('between SIGTERM and SIGKILL goes on with SIGKILL, and sends no second SIGTERM', async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    expect(world.isAlive()).toBe(true);
    const next = await world.restart();
    await next.tells('killed by root (SIGKILL)');
    expect(world.terms()).toBe('TERM\n');
    expect((await next.thread()).join('\n')).toMatch(/interrupted after SIGTERM.*being resumed/);
  });

  it('is put down to it when the job heeded it while nobody looked', async () => {
    const world = await queueWithJob('ends well at SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    await eventually('it has ended', () => !world.isAlive());
    const next = await world.restart();
    await next.tells(/^job-\d+ completed/);
    const thread = (await next.thread()).join('\n');
    expect(thread).toContain('ended after the kill by root (SIGTERM, exit code 0)');
    expect(thread).not.toContain('interrupted');
  });

  it('is not put down to it when the job ended by itself before anything was sent', async () => {
    const world = await queueWithJob('ignores SIGTERM', { hasPid: false });
    world.ask();
    await eventually('it waits for the process', world.isWrittenDown);
    await crash(world.process);
    world.unobserved();
    world.write(
      { status: 'failed', ended_at: Date.now() / 1000, return_code: 1, error: 'Exited with return code 1' },
      [],
      null,
    );
    const next = await world.restart();
    await next.tells('interrupted');
    const thread = (await next.thread()).join('\n');
    expect(thread).toMatch(
      /the kill by root at .* interrupted before any signal was sent.*has since ended, apparently not because of it/,
    );
    expect(thread).not.toContain('killed by');
  });

  it('long ago is told, with a way to kill again, and the job is left alone', async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    world.age(HOUR_MS);
    const next = await world.restart();
    await next.tells('is still running');
    expect((await next.thread()).join('\n')).toMatch(/Kill job-0000001/);
    await sleep(1_500);
    expect([world.isAlive(), world.terms()]).toEqual([true, 'TERM\n']);
    expect((await next.bot.ask('kill 1', { confirm: true })).ok).toBe(true);
    await eventually('it has ended', () => !world.isAlive());
    expect(world.terms()).toBe('TERM\nTERM\n');
  });

  it('falls on no other process that has the pid by now, and on no other job', async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    world.unobserved();
    const stranger = await world.spawnJob('ignores SIGTERM', { XAX_QUEUE_JOB_ID: 'job-0000002' });
    world.write({ status: 'running', pid: stranger.pid!, process_group_id: stranger.pid! });
    const next = await world.restart();
    await next.tells('could not be resumed');
    await next.bot.app.stop();

    // The place is another job's: a new kill of it is nobody's.
    const another = rawJob(2, {
      status: 'running',
      started_at: Date.now() / 1000 - 1,
      pid: stranger.pid!,
      process_group_id: stranger.pid!,
    });
    world.write(
      { status: 'failed', ended_at: Date.now() / 1000, return_code: 1, error: 'Exited with return code 1' },
      [another],
      'job-0000002',
    );
    await world.restart();
    await sleep(1_500);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

it.skipIf(process.platform !== 'linux')(
  'a bot that is told to stop leaves what it waits for to the next one',
  async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    const next = await world.restart();
    expect((await next.thread()).join('\n')).toContain('being resumed');
    await next.bot.app.stop();
    const again = await world.restart();
    await again.tells('killed by root (SIGKILL)');
    expect(world.terms()).toBe('TERM\n');
  },
);
