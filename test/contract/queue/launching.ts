import { expect, test } from 'vitest';
import { scalarOf } from '../../../src/core/yaml-scalar.ts';
import { createRunConfig } from '../../../src/metrics/run-config.ts';
import type { QueueUnderTest } from './under-test.ts';

/** How a job is launched. */
export function launching(at: QueueUnderTest): void {
  const { jobNow, order, until, busy } = at;

  test('queues a job at its place and says which one it is', async () => {
    const [, waiting] = await busy({ seconds: 1 });
    const lines: string[] = [];
    const result = await at.queue.launch!({ ...at.harness.launches!.good, position: 1 }, (line) =>
      lines.push(line),
    );
    expect(result, lines.join('\n')).toMatchObject({ done: true });
    const { job } = result as Extract<typeof result, { done: true }>;
    await until(() => jobNow(job));
    expect(jobNow(job)).toMatchObject({
      status: 'queued',
      enqueuedAt: job.enqueuedAt,
      runDir: job.runDir,
    });
    expect(order()).toEqual([job.jobId, waiting!.jobId]);
    expect(lines.at(-1)).toContain(`Queued ${job.jobId}`);
    expect(lines.join('')).not.toContain('\u001b');
  });

  test("a text stands in the run's settings as it was given", async () => {
    await busy();
    const typed = `off #1.10: 'a' "b" {c}, é 🕒`;
    const { good } = at.harness.launches!;
    const assignments = { ...good.assignments, 'wandb.notes': scalarOf(typed) };
    const result = await at.queue.launch!({ ...good, assignments }, () => {});
    expect(result).toMatchObject({ done: true });
    const { job } = result as Extract<typeof result, { done: true }>;
    await until(() => jobNow(job));
    const { settings } = await createRunConfig(at.queue.runFiles(jobNow(job))).read();
    expect(settings['wandb.notes']).toBe(typed);
  });

  test('what the launcher fails at is told with its last lines, and nothing is queued', async () => {
    await busy();
    const result = await at.queue.launch!(at.harness.launches!.failing, () => {});
    expect(result).toMatchObject({ done: false, reason: expect.stringContaining('launcher failed') });
    const { lastLines } = result as Extract<typeof result, { done: false }>;
    expect(lastLines.join('\n')).toMatch(at.harness.launches!.failure);
    expect(lastLines.length).toBeLessThanOrEqual(15);
    await at.queue.refresh();
    expect(order()).toEqual([]);
  });

  test.each([
    [`\${oc.env:SLACK_BOT_TOKEN}`, 'learning_rate'],
    ['0.1\nlauncher=single', 'learning_rate'],
    ['0.1\0', 'learning_rate'],
    ['single', 'launcher'],
    ['1', 'queue_position'],
    ['/etc', 'run_dir'],
    ['/etc', 'runs_dir'],
    ['x'.repeat(300), 'note'],
    ['1', '--queue-position'],
    ['1', 'a b'],
  ])('the value %j of %s never reaches the launcher', async (value, key) => {
    const lines: string[] = [];
    const launch = at.queue.launch!({ ...at.harness.launches!.good, assignments: { [key]: value } }, (line) =>
      lines.push(line),
    );
    await expect(launch).rejects.toMatchObject({ code: 'bad-assignment' });
    expect(lines).toEqual([]);
  });
}
