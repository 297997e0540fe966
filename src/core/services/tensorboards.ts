import type { Job } from '../job.ts';

/** A TensorBoard on a port of the host's loopback. */
export interface TensorBoard {
  jobIds: string[];
  port: number;
  /** Epoch milliseconds. */
  since: number;
}

export interface TensorBoardsService {
  /** Starts a TensorBoard for these runs, or returns the running one. Errors `no-tensorboard`, `tensorboard`, `tensorboards`. */
  open(jobs: readonly Job[]): Promise<TensorBoard>;
  /** How many there were. */
  stopAll(): Promise<number>;
}
