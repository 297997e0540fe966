import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { eventually } from '../../helpers.ts';
import { processesOf } from '../folder-processes.ts';
import { type Slurm, startSlurm, whyNoMemoryLimits, whyNoSlurm } from './index.ts';

const reason = whyNoSlurm();
if (reason) test.skip(`a real Slurm was not started: ${reason}`, () => {});

/** A user of every machine who is not the one that Slurm runs as. */
const NOBODY = 65_534;

describe.skipIf(reason !== null)('a real Slurm of the tests', () => {
  let slurm: Slurm;
  const state = async (id: string) => (await slurm.job(id))?.JobState;
  const reaches = (id: string, wanted: string) =>
    eventually(`${id} is ${wanted}`, async () => (await state(id)) === wanted);

  beforeAll(async () => {
    slurm = await startSlurm({ memoryLimits: true, nodeTimeoutSeconds: 3 });
    return () => slurm.stop();
  });

  it('runs what was submitted, to its end', async () => {
    const id = await slurm.submit('echo "$SLURM_JOB_ID on $SLURMD_NODENAME"; exit 3', [
      '-J',
      'first',
      '--gres=gpu:2',
    ]);
    await reaches(id, 'FAILED');
    expect(await slurm.job(id)).toMatchObject({
      JobName: 'first',
      ExitCode: '3:0',
      Reason: 'NonZeroExitCode',
    });
    expect(readFileSync(join(slurm.jobs, `slurm-${id}.out`), 'utf8')).toMatch(
      new RegExp(`^${id} on node[12]\n$`),
    );
    const other = await slurm.submit('exit 0', ['--output=/dev/null'], { uid: NOBODY });
    await reaches(other, 'COMPLETED');
    expect(await slurm.job(other)).toMatchObject({ UserId: 'nobody(65534)' });
  });

  it('lets nobody else cancel a job', async () => {
    const id = await slurm.submit('sleep 600');
    await reaches(id, 'RUNNING');
    expect(await slurm.run(['scancel', id], { uid: NOBODY })).toMatchObject({ code: 210 });
    expect(await state(id)).toBe('RUNNING');
    await slurm.run(['scancel', id]);
    await reaches(id, 'CANCELLED');
  });

  it.skipIf(whyNoMemoryLimits() !== null)('kills what takes more memory than it asked for', async () => {
    const id = await slurm.submit('dd if=/dev/zero of=/dev/null bs=200M count=1', ['--mem=30M']);
    await reaches(id, 'OUT_OF_MEMORY');
  });

  it('tells what its controller costs', async () => {
    const before = slurm.controller.cpuSeconds();
    await eventually('work of it', async () => {
      await slurm.run(['squeue']);
      return slurm.controller.cpuSeconds() > before;
    });
  });

  it('has a controller that freezes and thaws', async () => {
    slurm.controller.freeze();
    const late = slurm.submit('sleep 600', ['-J', 'late']);
    expect(await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 1000, 'waits'))])).toBe(
      'waits',
    );
    slurm.controller.thaw();
    await reaches(await late, 'RUNNING');
    await slurm.run(['scancel', await late]);
  });

  it('has a node that dies with its jobs, and comes back', async () => {
    const id = await slurm.submit('sleep 600', ['-w', 'node2', '--no-requeue']);
    await reaches(id, 'RUNNING');
    await slurm.killNode('node2', 'withJobs');
    await eventually('the node is found down', async () => (await state(id)) === 'NODE_FAIL', 90_000);
    await slurm.startNode('node2');
    const next = await slurm.submit('exit 0', ['-w', 'node2']);
    await reaches(next, 'COMPLETED');
  });

  it('has a controller that stops, comes back with its jobs, and loses them with its state', async () => {
    const id = await slurm.submit('exit 0', ['--begin=now+1hour', '-J', 'waits']);
    await slurm.controller.stop();
    expect(await slurm.run(['squeue', '--me'])).toMatchObject({
      code: 1,
    });
    await slurm.controller.start();
    expect(await slurm.job(id)).toMatchObject({ JobName: 'waits', JobState: 'PENDING' });
    await slurm.controller.loseState();
    expect(await slurm.job(id)).toBeUndefined();
    expect(await slurm.submit('exit 0')).toBe('1');
  });

  it('leaves nothing behind', async () => {
    await slurm.submit('cd /; exec setsid sleep 600 > /dev/null 2>&1');
    await slurm.stop();
    expect(processesOf(slurm.folder)).toEqual([]);
    expect(existsSync(slurm.folder)).toBe(false);
  });
});
