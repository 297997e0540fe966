import type { Job } from '../job.ts';

/** A TensorBoard on a port of the host's loopback. */
export interface TensorBoard {
  jobIds: string[];
  port: number;
  /** Epoch milliseconds. */
  since: number;
}

export interface TensorBoardsService {
  /** Serves these runs, or says where they are served already. Errors `no-tensorboard`, `tensorboard`, `tensorboards`. */
  open(jobs: readonly Job[]): Promise<TensorBoard>;
  /** How many there were. */
  stopAll(): Promise<number>;
}
