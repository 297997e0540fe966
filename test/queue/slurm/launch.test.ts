import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeOnSlurm } from './queue-on-slurm.ts';

describeOnSlurm('what is launched on a real Slurm', (on) => {
  const { reaches, run, launch } = on;

  it('refuses a folder whose name Slurm would read as a pattern', async () => {
    const odd = join(on.project, '50%j');
    mkdirSync(odd);
    const result = await launch({ cwd: odd });
    expect(result).toMatchObject({ done: false, reason: expect.stringMatching(/50%j.*for a pattern/) });
  });

  it('runs in a folder with any other sign in its name, with none of what the bot sets to read Slurm', async () => {
    const odd = join(on.project, "it's $HOME; -n");
    mkdirSync(odd);
    const result = await launch({ cwd: odd }, ['sh', '-c', 'env; pwd']);
    if (!result.done) throw new Error(result.reason);
    const ended = await reaches(result.job.jobId, 'completed');
    expect(ended.runDir).toBe(result.job.runDir);
    const { lines } = await on.queue.readJobLog(ended, 'task', 500);
    expect(lines).toContain(odd);
    expect(lines.filter((line) => /^(LC_ALL|SLURM_TIME_FORMAT|SLURM_BITSTR_LEN)=/.test(line))).toEqual([]);
  });

  it('refuses in its words what could never run, and submits nothing', async () => {
    const refused = async (resources: object) => {
      const result = await launch({ resources });
      expect(result.done).toBe(false);
      return result.done ? '' : `${result.reason}: ${result.lastLines.join(' ')}`;
    };
    expect(await refused({ cpus: 64 })).toMatch(/never run it: .*not available/);
    expect(await refused({ memory: '999G' })).toMatch(
      /Memory specification can not be satisfied|not available/,
    );
    expect(await refused({ partition: 'nowhere' })).toMatch(/invalid partition specified: nowhere/);
    const { out } = await run('squeue', '-h', '-t', 'all', '-o', '%j %r');
    expect(out).not.toMatch(/sh .*(PartitionConfig|BadConstraints)/);
  });

  it('gives a run what its preset asks for, in a folder of its own, and keeps what it ended with', async () => {
    const result = await launch(
      { assignments: { lr: '0.1' }, resources: { gpus: '1', time: '5', array: '0-1' } },
      ['sh', '-c', 'echo "given $0"; [ "$SLURM_ARRAY_TASK_ID" = 0 ]'],
    );
    if (!result.done) throw new Error(result.reason);
    const ended = await reaches(result.job.jobId, 'failed');
    expect(ended).toMatchObject({
      runDir: result.job.runDir,
      tasks: { completed: 1, failed: 1, which: { failed: '1' } },
    });
    expect((await on.queue.readJobLog(ended, 'task', 9)).lines).toContain('given lr=0.1');
    expect((await on.queue.readJobLog(ended, 'task', 9)).path).toContain('xaxbot-1.log');
    const record = await on.queue.runFiles(ended).read('xaxbot-exit-1.0.json', 0, 999);
    expect(JSON.parse(record.toString())).toMatchObject({
      job: ended.jobId,
      task: '1',
      restarts: 0,
      code: 1,
    });
  });
});
