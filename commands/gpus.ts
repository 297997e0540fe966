import { defineCommand } from '../src/core/command.ts';
import {
  type GpuReport,
  type KnownReservation,
  reservationText,
  takerText,
  unseenText,
} from '../src/core/gpus.ts';
import type { Block, Text } from '../src/core/message.ts';
import { onQueue } from './queue-meant.ts';

/**
 * By these CUDA is told which GPUs a program may see, and that they are counted as nvidia-smi does: its own order is
 * the fastest first (CUDA C++ Programming Guide, "CUDA Environment Variables").
 */
const VISIBLE = 'CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES';

export const gpus = defineCommand({
  name: 'gpus',
  group: 'The host',
  summary: 'Which GPUs belong to the queue, which are free, and who uses the wrong ones',
  examples: ['gpus'],
  options: { on: onQueue('only what this queue keeps') },
  needs: 'gpus',
  services: ['gpus'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ on }, { services }) {
    const report = await services.gpus.look(on);
    return { ...report, line: report.free && `${VISIBLE}=${report.free.join(',')}` };
  },
  view(data) {
    const blocks: Block[] = [
      ...data.takers.map(
        (taker): Block => ({
          kind: 'text',
          text: [{ bold: 'Warning' }, `: ${takerText(taker)}, which belongs to the queue.`],
        }),
      ),
      ...(data.trouble === null
        ? []
        : [{ kind: 'text' as const, text: [{ bold: 'nvidia-smi says' }, `: ${data.trouble}`] }]),
      ...faultBlocks(data.gpus ?? []),
      ...data.unseen.map((process): Block => ({ kind: 'text', text: unseenText(process) })),
      ...(data.reservations.length > 0
        ? data.reservations.map((each, index, all) =>
            reservationBlock(each, all[index - 1]?.queue === each.queue && index > 0),
          )
        : [
            {
              kind: 'text' as const,
              text: 'The queue holds no GPUs: no observer is active, and none is set up.',
            },
          ]),
      ...hostBlocks(data),
    ];
    if (data.line !== null) blocks.push(lineBlock(data.line, data));
    return { blocks, tone: data.takers.length > 0 ? 'warning' : 'neutral' };
  },
});

/** `isFurther`: it stands behind another one of the same queue. */
function reservationBlock(reservation: KnownReservation, isFurther: boolean): Block {
  const words = reservationText(reservation);
  const { queue } = reservation;
  const [subject, on] = queue === undefined ? ['The queue', ''] : [queue, ` on=${queue}`];
  if (isFurther)
    return {
      kind: 'text',
      text: [
        { bold: `The running observer${queue === undefined ? '' : ` of ${queue}`} still has ` },
        `${words}: the new setting takes effect with `,
        { command: `observer restart${on}` },
        '.',
      ],
    };
  switch (reservation.kind) {
    case 'all':
      return {
        kind: 'text',
        text: [
          {
            bold:
              queue === undefined
                ? 'No GPUs are set: queued jobs see all of them.'
                : `No GPUs are set for ${queue}: its jobs see all of them.`,
          },
          ' To leave some for other work: ',
          { command: `observer restart${on} queue-gpus=…` },
        ],
      };
    case 'unknown':
      return {
        kind: 'text',
        text: `${subject}'s GPUs are unknown: its observer's settings are not readable.`,
      };
    default: {
      const source = reservation.source === 'service' ? 'set for its service' : "from its observer's start";
      return { kind: 'text', text: [{ bold: `${subject} has ` }, { bold: words }, ` (${source}).`] };
    }
  }
}

type HostGpu = NonNullable<GpuReport['gpus']>[number];

/** Faults that are not in the table because the GPU still reports its use: each once. */
function faultBlocks(found: readonly HostGpu[]): Block[] {
  const faulty = found.filter(({ fault, utilization }) => fault !== undefined && utilization !== null);
  return [...new Set(faulty.map(({ fault }) => fault!))].map((fault) => {
    const indices = faulty.filter((gpu) => gpu.fault === fault).map(({ index }) => index);
    const word = indices.length === 1 ? 'GPU' : 'GPUs';
    // A fault that all of them have may be about any of them.
    const whose = indices.length === found.length ? '' : ` of ${word} ${indices.join(', ')}`;
    return { kind: 'text', text: [{ bold: `nvidia-smi says${whose}: ` }, fault] };
  });
}

/** Why a GPU that is not the queue's is not free for local work either; null: it is free. */
function whyNot({ fault, isPartitioned, isBusy, utilization }: HostGpu): string | null {
  if (fault !== undefined) return 'not working';
  if (isPartitioned) return 'split (MIG)';
  if (isBusy) return 'in use';
  return utilization === null ? 'use unknown' : null;
}

/** The line for local work, and what it leaves out. */
function lineBlock(line: string, { free, others, gpus: found, trouble }: GpuReport): Block {
  const left = found?.filter(({ index }) => others?.includes(index) && !free?.includes(index)) ?? [];
  const reasons = new Set(left.flatMap((gpu) => whyNot(gpu) ?? []));
  const used = [...reasons]
    .map((reason) => {
      const indices = left.filter((gpu) => whyNot(gpu) === reason).map(({ index }) => index);
      const word = indices.length === 1 ? 'GPU' : 'GPUs';
      return ` ${word} ${indices.join(', ')}: not the queue's, but ${reason}, so not listed.`;
    })
    .join('');
  const unknown = found || trouble !== null ? '' : ' Whether they are in use is unknown.';
  const head =
    (free?.length ?? 0) > 0 ? 'For local work:' : 'No GPU is free for local work. To run without one:';
  return { kind: 'text', text: [head, ' ', { code: line }, `.${used}${unknown}`] };
}

function hostBlocks({ gpus: found, takers, trouble }: GpuReport): Block[] {
  if (!found && trouble !== null) return [];
  if (!found)
    return [
      {
        kind: 'text',
        text: 'GPU usage is unknown: nvidia-smi is missing or does not answer.',
      },
    ];
  const rows = found.map((gpu): Text[] => {
    const { index, name, utilization, memoryUsed, memoryTotal, fault } = gpu;
    return [
      String(index),
      roleOf(
        gpu,
        takers.some((taker) => taker.gpu === index),
      ),
      utilization === null ? (fault ?? 'unknown') : `${utilization}%`,
      memoryUsed === null || memoryTotal === null
        ? 'unknown'
        : `${gib(memoryUsed)} of ${gib(memoryTotal)} GiB`,
      name,
    ];
  });
  return [{ kind: 'table', columns: ['GPU', 'for', 'use', 'memory', 'model'], rows }];
}

function roleOf(gpu: HostGpu, isTaken: boolean): Text {
  const owner = gpu.queues && gpu.queues.length > 0 ? gpu.queues.join(' and ') : 'queue';
  if (gpu.isQueues && isTaken) return { bold: `${owner}, taken` };
  const trouble = gpu.fault !== undefined || gpu.isPartitioned || !gpu.isQueues ? whyNot(gpu) : null;
  const whose = gpu.isQueues ? owner : "not the queue's";
  return trouble === null ? whose : `${whose}, ${trouble}`;
}

/** From MiB. */
function gib(mib: number): string {
  return (mib / 1024).toFixed(1);
}
