import type { Job } from '../job.ts';

/** A TensorBoard on a port of the host's loopback. */
export interface TensorBoard {
  jobIds: string[];
  port: number;
  /** Epoch milliseconds. */
  since: number;
}

export interface TensorBoardsService {
  /** Errors `queues`, `queue-lacks`, `no-tensorboard`, `tensorboards` where none can be started for these runs. */
  mustOpen(jobs: readonly Job[]): void;
  /** Starts a TensorBoard for these runs, or returns the running one. Errors as `mustOpen`, and `tensorboard`. */
  open(jobs: readonly Job[]): Promise<TensorBoard>;
  /** The one that shows a run now. */
  showing(job: Job): TensorBoard | undefined;
  /** How many there were. */
  stopAll(): Promise<number>;
}
