/** What a row measures with: something that was opened once, and is asked for samples until it is closed. */
export interface Probe {
  /** One value, in the row's unit. */
  sample(): Promise<number>;
  close(): Promise<void>;
}

/** One version of xaxbot on this machine. */
export interface Tree {
  label: string;
  /** The commit; `working tree` for this one. */
  revision: string;
  root: string;
  /** Its bin/xaxbot.js: the built one where it has a build. */
  program: string;
}

/** What one run of the benchmark has in common. */
export interface Run {
  here: Tree;
  /** The version beside it; null where none was named. */
  revision: Tree | null;
  /** Removed at the end. */
  folder: string;
  isQuick: boolean;
  /** Processes that a row has started and not stopped yet; what is left of a row that failed is stopped after it. */
  running: Set<{ stop(): Promise<void> }>;
  /** What is made once and used by several rows. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/** One of the things that are compared: a version with a workload, or a peer. */
export interface Side {
  label: string;
  open(run: Run): Promise<Probe>;
}

/** Why something was not measured here, which is not the same as a miss. */
export class Unmeasured extends Error {}

/** A workload, of whichever version. */
export type Workload = (run: Run, tree: Tree) => Promise<Probe>;

/** This tree with a workload. */
export const here = (workload: Workload, label = 'this tree'): Side => ({
  label,
  open: (run) => workload(run, run.here),
});

/** The version that it is compared with. */
export const before = (workload: Workload, label = 'revision'): Side => ({
  label,
  async open(run) {
    if (!run.revision) throw new Unmeasured('no revision was named: --against REV');
    return workload(run, run.revision);
  },
});

/** A probe of what needs nothing opened. */
export const each = (sample: () => Promise<number>): Probe => ({ sample, close: async () => {} });
