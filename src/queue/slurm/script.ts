import { exitRecordName } from './exit-record.ts';

/** A word as a shell reads it as that very text. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The script that sbatch is given: it runs the program, and writes down how that ended, which nobody tells once Slurm has
 * forgotten the job. It outlives the SIGTERM that ends the program; what SIGKILL ends leaves no record. `argv` is run as it
 * stands, by no shell.
 */
export function jobScript({
  argv,
  cwd,
  runDir,
}: {
  argv: readonly string[];
  cwd: string;
  runDir: string;
}): string {
  const record = exitRecordName({ task: '@', restarts: 0 }).replace('-@.0.', `\${task:+-$task}.$restarts.`);
  return `#!/bin/sh
# Written by xaxbot. The last lines say how the program ended, for when Slurm has forgotten it.
job="\${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}"
task="\${SLURM_ARRAY_TASK_ID:-}"
restarts="\${SLURM_RESTART_COUNT:-0}"
run=${quoted(runDir)}
began=$(date +%s)
echo "xaxbot: starting $job\${task:+_$task} on $(hostname)"
trap : TERM INT HUP
cd ${quoted(cwd)} || exit 1
${argv.map(quoted).join(' ')}
code=$?
record="$run/${record}"
if printf '{"job":"%s","task":"%s","restarts":%d,"code":%d,"startedAt":%d,"endedAt":%d}\\n' \\
  "$job" "$task" "$restarts" "$code" "$began" "$(date +%s)" > "$record.tmp"
then mv -f "$record.tmp" "$record"
fi
echo "xaxbot: $job\${task:+_$task} ended with $code"
exit $code
`;
}
