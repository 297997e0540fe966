import type { QueueKind } from './kind.ts';
import { simulatedKind } from './simulated/kind.ts';
import { slurmKind } from './slurm/kind.ts';
import { xaxKind } from './xax/kind.ts';

/** Every kind of queue, one line each. Without `queues:` in xaxbot.yaml there is one queue, of the first kind. */
export const QUEUE_KINDS: readonly QueueKind[] = [xaxKind, simulatedKind, slurmKind];
