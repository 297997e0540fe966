import { hostname } from 'node:os';
import type { AskedReservation, GpuReservation, KnownReservation } from '../../core/gpus.ts';
import type { Observer } from '../../core/queue.ts';

/** The simulated observer: whether it is there, since when, and what it keeps. It is this process, and has no GPU. */
export function createSimulatedObserver() {
  let startedAt: number | null = null;
  let kept: GpuReservation = { kind: 'all' };

  return {
    isActive: () => startedAt !== null,
    start(at: number, gpus?: AskedReservation): void {
      startedAt = at;
      kept = gpus ?? kept;
    },
    /** It forgets what it kept, as xax's does. */
    stop(): void {
      startedAt = null;
      kept = { kind: 'all' };
    },
    tell(now: number, running: string | null): Observer | null {
      if (startedAt === null) return null;
      const status = running === null ? 'idle' : `running:${running}`;
      return { pid: process.pid, hostname: hostname(), startedAt, updatedAt: now, status, active: true };
    },
    reservations: (): KnownReservation[] => (startedAt === null ? [] : [{ ...kept, source: 'observer' }]),
  };
}
