import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gpus as gpusCommand } from '../../commands/gpus.ts';
import type { Gpu, GpuProcess, KnownReservation } from '../../src/core/gpus.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createQueues } from '../../src/core/queues.ts';
import type { CommandContext } from '../../src/core/services/context.ts';
import { countGpus } from '../../src/gpus/driver.ts';
import { createGpusService } from '../../src/gpus/service.ts';
import { temporaryFolder } from '../helpers.ts';

/** A queue as far as it keeps GPUs. */
const QUEUE = {
  name: 'g1',
  kind: 'xax',
  simulated: false,
  refresh: async () => {},
  ownsProcess: () => false,
} as unknown as Queue;

const gpu = (index: number, utilization = 0, memoryUsed = 3): Gpu => ({
  index,
  uuid: `GPU-${index}`,
  name: 'H100',
  utilization,
  memoryUsed,
  memoryTotal: 81_559,
});

function host(given: {
  reservations: KnownReservation[];
  gpus?: Gpu[] | null;
  processes?: GpuProcess[];
  count?: number | null;
  trouble?: string;
}) {
  const service = createGpusService({
    queues: createQueues([{ ...QUEUE, gpus: { reservations: async () => given.reservations } }]),
    readGpus: async () => ({ gpus: given.gpus ?? null, trouble: given.trouble ?? null }),
    readProcesses: async () => (given.gpus ? (given.processes ?? []) : null),
    countGpus: async () => given.count ?? null,
    userName: async () => 'eve',
  });
  const said = async () => {
    const data = await gpusCommand.run(
      {} as never,
      { services: { gpus: service } } as CommandContext<'gpus'>,
    );
    return plainText(gpusCommand.view(data, { now: 0 }));
  };
  return { service, said };
}

const FIRST: KnownReservation = { kind: 'listed', indices: [0], source: 'service' };

describe('the line for local work', () => {
  it('leaves out what somebody uses already, and says so', async () => {
    const { service, said } = host({
      reservations: [FIRST],
      gpus: [gpu(0), gpu(1, 97), gpu(2, 0, 40_000), gpu(3), gpu(4, 3, 300)],
      processes: [{ uuid: 'GPU-3', pid: process.pid, memoryUsed: 10 }],
    });
    expect(await service.look()).toMatchObject({ others: [1, 2, 3, 4], free: [4], takers: [] });
    const text = await said();
    expect(text).toContain('For local work: CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=4.');
    expect(text).toContain("GPUs 1, 2, 3: not the queue's, but in use, so not listed.");
    expect(text).toMatch(/1\s+not the queue's, in use\s+97%/);
    expect(text).toMatch(/4\s+not the queue's\s+3%/);
  });

  it('has no GPU where all others are in use', async () => {
    const { said } = host({ reservations: [FIRST], gpus: [gpu(0), gpu(1, 50)] });
    expect(await said()).toMatch(
      /No GPU is free for local work\. To run without one: CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=\. GPU 1: not the queue's, but in use/,
    );
  });

  it('is there without nvidia-smi, by what the driver has', async () => {
    const { said } = host({ reservations: [FIRST], gpus: null, count: 3 });
    expect(await said()).toMatch(/CUDA_VISIBLE_DEVICES=1,2\. Whether they are in use is unknown/);
    const unknown = host({ reservations: [FIRST], gpus: null, count: null });
    expect(await unknown.said()).not.toContain('CUDA_VISIBLE_DEVICES');
    const folder = temporaryFolder();
    for (const each of ['0000:01:00.0', '0000:41:00.0']) mkdirSync(join(folder, each));
    expect(await countGpus(folder)).toBe(2);
    expect(await countGpus(join(folder, 'nowhere'))).toBeNull();
  });
});

describe('a GPU that no program could have', () => {
  it.each([
    ['says that it is broken', { fault: '[Unknown Error]' }, 'not working'],
    ['is split into parts', { isPartitioned: true as const, utilization: null }, 'split (MIG)'],
    ['does not tell its use', { utilization: null }, 'use unknown'],
  ])('is not offered where it %s, and is told as it is', async (_what, state, words) => {
    const { service, said } = host({
      reservations: [FIRST],
      gpus: [gpu(0), { ...gpu(1), ...state }, gpu(2)],
    });
    expect(await service.look()).toMatchObject({ others: [1, 2], free: [2] });
    const text = await said();
    expect(text).toContain('CUDA_VISIBLE_DEVICES=2.');
    expect(text).toContain(`GPU 1: not the queue's, but ${words}, so not listed.`);
    expect(text).toMatch(new RegExp(`1\\s+not the queue's, ${words.replace(/[()]/g, '\\$&')}`));
  });

  it('is not offered by its number alone where nvidia-smi complains', async () => {
    const trouble = 'Unable to determine the device handle for GPU0000:17:00.0: Unknown Error';
    const { service, said } = host({ reservations: [FIRST], gpus: null, count: 3, trouble });
    expect(await service.look()).toMatchObject({ others: [1, 2], free: [] });
    const text = await said();
    expect(text).toContain(`nvidia-smi says: ${trouble}`);
    expect(text).toContain('No GPU is free for local work.');
    expect(text).not.toMatch(/usage is unknown|in use is unknown|is not known/);
  });

  it('is told with what nvidia-smi says of it, though it tells its use', async () => {
    const fault = 'WARNING: infoROM is corrupted at gpu 0000:B3:00.0';
    const { said } = host({
      reservations: [FIRST],
      gpus: [gpu(0), { ...gpu(1), fault }, { ...gpu(2), fault }],
    });
    expect(await said()).toContain(`nvidia-smi says of GPUs 1, 2: ${fault}`);
    const all = host({ reservations: [FIRST], gpus: [gpu(0), gpu(1)].map((each) => ({ ...each, fault })) });
    expect(await all.said()).toContain(`nvidia-smi says: ${fault}`);
  });

  it('is told of when it is the queue’s', async () => {
    const { said } = host({
      reservations: [FIRST],
      gpus: [{ ...gpu(0), utilization: null, fault: 'ERR!' }, gpu(1)],
    });
    expect(await said()).toMatch(/0\s+queue, not working\s+ERR!/);
  });
});

describe('a process that cannot be seen from here', () => {
  /** Above what Linux gives (proc_sys_kernel(5), pid_max). */
  const HOSTS = 2 ** 22 + 1;
  it('is no stranger, and its GPU is in use', async () => {
    const { service, said } = host({
      reservations: [FIRST],
      gpus: [gpu(0), gpu(1)],
      processes: [
        { uuid: 'GPU-0', pid: HOSTS, memoryUsed: 10_240 },
        { uuid: 'GPU-1', pid: HOSTS, memoryUsed: 10 },
      ],
    });
    expect(await service.takers()).toEqual([]);
    expect(await service.look()).toMatchObject({
      takers: [],
      unseen: [{ gpu: 0, pid: HOSTS, memoryUsed: 10_240 }],
      free: [],
    });
    const text = await said();
    expect(text).not.toContain('Warning');
    expect(text).toMatch(
      /cannot be seen from here \(pid 4194305, .*10,240 MiB of GPU 0: whether it belongs to the queue is unknown/,
    );
  });
});

describe('the id of a thread', () => {
  it('is no process, though it can be seen', async () => {
    const [thread] = readdirSync('/proc/self/task')
      .map(Number)
      .filter((id) => id !== process.pid);
    const processes = [{ uuid: 'GPU-0', pid: thread!, memoryUsed: 10 }];
    const { service } = host({ reservations: [FIRST], gpus: [gpu(0)], processes });
    expect(await service.look()).toMatchObject({ takers: [], unseen: [{ pid: thread }] });
  });
});

describe("somebody on the queue's GPU", () => {
  const processes = [{ uuid: 'GPU-0', pid: process.pid, memoryUsed: 10 }];

  it('is told of where the GPU is kept for the queue', async () => {
    const { service, said } = host({ reservations: [FIRST], gpus: [gpu(0)], processes });
    expect(await service.takers()).toHaveLength(1);
    expect(await said()).toMatch(/Warning: eve's .*GPU 0, which belongs to the queue/);
  });

  it('is nobody where nothing is kept', async () => {
    const all: KnownReservation = { kind: 'all', source: 'observer' };
    const { service, said } = host({ reservations: [all], gpus: [gpu(0)], processes });
    expect(await service.takers()).toEqual([]);
    expect(await said()).not.toContain('Warning');
  });
});

it('a run that is followed has not taken the GPU of the queue that it is on', async () => {
  const beside = { ...QUEUE, name: '_followed', beside: true } as unknown as Queue;
  const service = createGpusService({
    queues: createQueues([
      { ...QUEUE, gpus: { reservations: async () => [FIRST] } },
      { ...beside, ownsProcess: (pid: number) => pid === process.pid },
    ]),
    readGpus: async () => ({ gpus: [gpu(0)], trouble: null }),
    readProcesses: async () =>
      [process.pid, process.ppid].map((pid) => ({ uuid: 'GPU-0', pid, memoryUsed: 2_000 })),
    countGpus: async () => null,
    userName: async () => 'eve',
  });
  expect(await service.takers()).toMatchObject([{ gpu: 0, pid: process.ppid }]);
  expect((await service.look()).takers).toMatchObject([{ gpu: 0, pid: process.ppid }]);
});

describe('of several queues, one that cannot be read', () => {
  it('keeps what nobody knows, and the others are told of all the same', async () => {
    const fails = () => Promise.reject(new Error('its disk is gone'));
    const able = (
      name: string,
      reservations: () => Promise<KnownReservation[]>,
      refresh = async () => {},
    ) => ({
      ...QUEUE,
      name,
      refresh,
      gpus: { reservations },
    });
    const service = createGpusService({
      queues: createQueues([able('g1', async () => [FIRST]), able('g2', fails, fails)]),
      readGpus: async () => ({ gpus: [gpu(0), gpu(1)], trouble: null }),
      readProcesses: async () => [],
      countGpus: async () => null,
      userName: async () => 'eve',
    });
    const { reservations, others, free } = await service.look();
    expect(reservations).toMatchObject([
      { kind: 'listed', queue: 'g1' },
      { kind: 'unknown', queue: 'g2' },
    ]);
    expect([others, free]).toEqual([null, null]);
    expect(await service.takers()).toEqual([]);
  });
});
