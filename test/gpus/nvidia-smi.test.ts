import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readGpuProcesses, readGpus } from '../../src/gpus/nvidia-smi.ts';
import { temporaryFolder } from '../helpers.ts';
import { gpuRow, processRow, writeNvidiaSmi, writeProgram } from '../programs.ts';

describe('what nvidia-smi says', () => {
  let bin: string;
  const env = () => ({ PATH: `${bin}:/usr/bin:/bin` });

  beforeEach(() => {
    bin = join(temporaryFolder(), 'bin');
  });

  it('is read GPU by GPU and process by process, lowest index first', async () => {
    writeNvidiaSmi(bin, { gpus: [gpuRow(1, '97', '40960'), gpuRow(0)], processes: [processRow(1, 4242)] });
    expect(await readGpus(env())).toEqual([
      {
        index: 0,
        uuid: 'GPU-00000000-aaaa-bbbb-cccc-dddddddddddd',
        name: 'NVIDIA H100 80GB HBM3',
        utilization: 0,
        memoryUsed: 3,
        memoryTotal: 81_559,
      },
      expect.objectContaining({ index: 1, utilization: 97, memoryUsed: 40_960 }),
    ]);
    expect(await readGpuProcesses(env())).toEqual([
      { uuid: 'GPU-00000001-aaaa-bbbb-cccc-dddddddddddd', pid: 4242, memoryUsed: 10_240 },
    ]);
  });

  it('keeps a GPU that cannot tell its use, and a process whose memory is not told', async () => {
    writeNvidiaSmi(bin, {
      gpus: [gpuRow(0, '[N/A]', '[Not Supported]')],
      processes: [processRow(0, 7, '[N/A]')],
    });
    expect(await readGpus(env())).toMatchObject([{ index: 0, utilization: null, memoryUsed: null }]);
    expect(await readGpuProcesses(env())).toMatchObject([{ pid: 7, memoryUsed: null }]);
  });

  it('is nothing of nobody where no process computes', async () => {
    writeNvidiaSmi(bin, { gpus: [gpuRow(0)], processes: ['No running processes found'] });
    expect(await readGpuProcesses(env())).toEqual([]);
  });

  it.each([
    ['is not there', null],
    [
      'fails',
      'echo "NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver."; exit 9',
    ],
    [
      'prints something else',
      'echo "garbage, of, any, kind"; echo "U, 6, 7"; echo "0, U, name, 1, 2, 3"; head -c 300000 /dev/urandom',
    ],
    ['does not end', 'sleep 600'],
  ])('is unknown where it %s', async (_what, script) => {
    if (script !== null) writeProgram(bin, 'nvidia-smi', script);
    expect(await readGpus(env(), 1_000)).toBeNull();
    expect((await readGpuProcesses(env(), 1_000)) ?? []).toEqual([]);
  });
});
