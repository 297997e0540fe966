/** Variables by which a user changes what Slurm's programs print, ask for or do; of the rest SLURM_CONF says which cluster it is. */
const STEERING = /^(SQUEUE|SCONTROL|SCANCEL|SACCT|SINFO|SBATCH|SALLOC|SRUN)_/;
/** What a job's own environment says of that job (a bot may run in one): it is about no other. */
const OF_A_JOB = /^SLURM_(?!CONF$|CONF_SERVER$|CLUSTERS$)/;

/** What sbatch gets, which hands all of it on to the job. */
export function submitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !STEERING.test(name) && !OF_A_JOB.test(name)),
  );
}

/** What Slurm's programs get that tell something: times as epoch seconds and task lists uncut, whatever the user has set (squeue(1), ENVIRONMENT). */
export function slurmEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...submitEnvironment(env), SLURM_TIME_FORMAT: '%s', SLURM_BITSTR_LEN: '0', LC_ALL: 'C.UTF-8' };
}
