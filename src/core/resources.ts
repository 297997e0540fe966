/** What a run is to be given by a scheduler, in Slurm's own forms (sbatch(1)); what is absent is as the cluster has it. */
export interface Resources {
  /** How many, or of which kind: `2`, `a100:2`. */
  gpus?: string | undefined;
  cpus?: number | undefined;
  /** `32G`. */
  memory?: string | undefined;
  /** Minutes, `2:00:00`, `1-12:00:00`. */
  time?: string | undefined;
  partition?: string | undefined;
  /** Numbers of an array's tasks: `0-19%4`. */
  array?: string | undefined;
  account?: string | undefined;
  qos?: string | undefined;
}
