import { type Finding, failure } from '../../core/finding.ts';
import type { Preset } from '../../core/preset.ts';
import { run } from '../../processes/run.ts';
import type { CheckDeps } from '../kind.ts';
import { checkPresetsHere } from '../preset-check.ts';
import { slurmEnvironment } from './environment.ts';
import { testOnly } from './starts.ts';

/**
 * Whether presets can be launched on the cluster: each one's folder, which the nodes share with this host, and whether Slurm would
 * ever run what it asks for. Which programs the nodes have only a run can tell.
 */
export async function checkSlurmPresets(
  presets: readonly Preset[],
  { env, timeoutMs }: Pick<CheckDeps, 'env' | 'timeoutMs'>,
): Promise<Finding[]> {
  const [found, refused] = await Promise.all([
    checkPresetsHere(presets, { xax: false, runsElsewhere: true }, { env, timeoutMs }),
    Promise.all(presets.map((preset) => refusedBySlurm(preset, env, timeoutMs))),
  ]);
  return [...found, ...refused.flat()];
}

/** An answer that does not come says nothing of the preset: that the controller is away is told of the queue. */
async function refusedBySlurm(
  { name, slurm = {} }: Preset,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Finding[]> {
  const tested = await testOnly(run, slurmEnvironment(env), slurm, timeoutMs);
  if (tested.ok || tested.isLate) return [];
  return [
    failure(
      `preset ${name}`,
      `Slurm would never run it: ${tested.problem}`,
      'correct slurm: of the preset in xaxbot.yaml',
    ),
  ];
}
