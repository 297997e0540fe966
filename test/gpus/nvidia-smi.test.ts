import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readGpus as readAll, readGpuProcesses } from '../../src/gpus/nvidia-smi.ts';
import { temporaryFolder } from '../helpers.ts';
import { gpuRow, processRow, writeNvidiaSmi, writeProgram } from '../programs.ts';

const readGpus = async (...of: Parameters<typeof readAll>) => (await readAll(...of)).gpus;

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

  /** Answers the query of GPUs with these lines and this exit code, and others as told. */
  function answer(lines: string[], { exit = 0, addresses = [] as string[], devices = [] as string[] } = {}) {
    const print = (these: string[]) => these.map((line) => `echo '${line}'`).join('; ') || ':';
    writeProgram(
      bin,
      'nvidia-smi',
      `case "$1" in
--query-gpu=index,uuid,*) ${print(lines)}; exit ${exit} ;;
--query-gpu=index,pci.bus_id) ${print(addresses)}; exit ${exit} ;;
-L) ${print(devices)} ;;
esac`,
    );
  }
  const INFOROM = 'WARNING: infoROM is corrupted at gpu 0000:B3:00.0';

  it.each(['[Unknown Error]', '[GPU requires reset]', '[GPU is lost]', 'ERR!'])(
    'keeps a GPU that answers %s, with what it says',
    async (words) => {
      answer([gpuRow(0, words, words), gpuRow(1)]);
      expect(await readGpus(env())).toMatchObject([
        { index: 0, utilization: null, fault: words },
        { index: 1 },
      ]);
      expect((await readGpus(env()))![1]).not.toHaveProperty('fault');
    },
  );

  it('keeps one whose every cell is an error, its UUID too, and one of which one cell is', async () => {
    const cells = Array.from({ length: 5 }, () => '[GPU is lost]').join(', ');
    answer([`0, ${cells}`, gpuRow(1, '[GPU requires reset]', '0')]);
    expect(await readGpus(env())).toMatchObject([
      { index: 0, fault: '[GPU is lost]' },
      { index: 1, memoryUsed: 0, fault: '[GPU requires reset]' },
    ]);
  });

  it('reads the rows that stand beside a warning, and puts it to the GPU that it names', async () => {
    const addresses = ['0, 00000000:17:00.0', '1, 00000000:B3:00.0'];
    answer([gpuRow(0), gpuRow(1), INFOROM], { exit: 14, addresses });
    const { gpus, trouble } = await readAll(env());
    expect([gpus!.map(({ fault }) => fault), trouble]).toEqual([[undefined, INFOROM], null]);
  });

  it('puts a warning to all where it cannot be told whose it is', async () => {
    answer([gpuRow(0), gpuRow(1), INFOROM], { exit: 14 });
    expect((await readGpus(env()))!.map(({ fault }) => fault)).toEqual([INFOROM, INFOROM]);
    answer([gpuRow(0)], { exit: 14 });
    expect((await readGpus(env()))!.map(({ fault }) => fault)).toEqual(['it ended with exit code 14']);
  });

  it('says which GPU is gone where it has no row, and keeps the others', async () => {
    const gone = 'Unable to determine the device handle for GPU0000:17:00.0: Unknown Error';
    answer([gone, gpuRow(1)], { addresses: [gone, '1, 00000000:B3:00.0'] });
    const { gpus, trouble } = await readAll(env());
    expect([gpus!.map(({ fault }) => fault), trouble]).toEqual([[undefined], gone]);
    answer([gone], { exit: 15 });
    expect(await readAll(env())).toEqual({ gpus: null, trouble: gone });
  });

  it('says that no complete answer came, so that nothing is offered by its number alone', async () => {
    writeProgram(bin, 'nvidia-smi', 'sleep 600');
    expect(await readAll(env(), 500)).toEqual({ gpus: null, trouble: 'no complete answer within 0.5 s' });
    writeProgram(bin, 'nvidia-smi', `echo '${gpuRow(0)}'; sleep 600`);
    expect((await readGpus(env(), 500))!.map(({ fault }) => fault)).toEqual([
      'no complete answer within 0.5 s',
    ]);
    writeProgram(bin, 'nvidia-smi', 'kill -SEGV $$');
    expect(await readAll(env())).toEqual({
      gpus: null,
      trouble: 'no complete answer: it was ended by SIGSEGV',
    });
    expect(await readGpuProcesses(env())).toBeNull();
  });

  it('keeps a GPU of whose row a part is missing, and tells of a fault that stands in no row', async () => {
    const short = gpuRow(0).split(', ').slice(0, 4).join(', ');
    answer([short, `${gpuRow(1)}, more`, gpuRow(2), '[GPU is lost], [GPU is lost]']);
    const { gpus, trouble } = await readAll(env());
    expect(gpus!.map(({ index, fault }) => [index, fault])).toEqual([
      [0, '4 of 6 values'],
      [1, '7 of 6 values'],
      [2, '[GPU is lost], [GPU is lost]'],
    ]);
    expect(trouble).toBeNull();
  });

  it('is nothing of nobody beside a corrupted infoROM too, of which nvidia-smi warns at each call', async () => {
    writeProgram(bin, 'nvidia-smi', `echo '${INFOROM}'; exit 14`);
    expect(await readGpuProcesses(env())).toEqual([]);
    writeProgram(bin, 'nvidia-smi', `echo '${INFOROM}'; exit 15`);
    expect(await readGpuProcesses(env())).toBeNull();
  });

  it('knows a GPU that is split into parts, and whose part a process is on', async () => {
    const part = 'MIG-11111111-2222-3333-4444-555555555555';
    const gpu = 'GPU-00000000-aaaa-bbbb-cccc-dddddddddddd';
    answer([gpuRow(0, '[N/A]'), gpuRow(1, '[N/A]')], {
      devices: [
        `GPU 0: NVIDIA A100-SXM4-40GB (UUID: ${gpu})`,
        `  MIG 1g.5gb      Device  0: (UUID: ${part})`,
        'GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-00000001-aaaa-bbbb-cccc-dddddddddddd)',
      ],
    });
    expect((await readGpus(env()))!.map(({ isPartitioned }) => isPartitioned)).toEqual([true, undefined]);
    writeProgram(
      bin,
      'nvidia-smi',
      `case "$1" in
-L) echo 'GPU 0: NVIDIA A100-SXM4-40GB (UUID: ${gpu})'; echo '  MIG 1g.5gb      Device  0: (UUID: ${part})' ;;
*) echo '${part}, 42, 100' ;;
esac`,
    );
    expect(await readGpuProcesses(env())).toEqual([{ uuid: gpu, pid: 42, memoryUsed: 100 }]);
  });
});
