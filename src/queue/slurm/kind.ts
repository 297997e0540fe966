import { z } from 'zod';
import { cautionItems, queueItem } from '../health-items.ts';
import { defineQueueKind } from '../kind.ts';

export interface SlurmSettings {
  /** Whose jobs are followed; undefined: those of the user that runs the bot. */
  users: readonly string[] | undefined;
  /** Where run folders of presets go, from each one's folder. */
  runs: string;
}

/** A name as useradd(8) makes them; the first sign is none of an option's. */
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/;

const NO_HOST =
  "Slurm's programs run on xaxbot's own host: run xaxbot on a login node, or on a host with Slurm's programs and the cluster's slurm.conf";

/** The jobs of a Slurm cluster. */
export const slurmKind = defineQueueKind<SlurmSettings>({
  name: 'slurm',
  summary: 'the jobs of a Slurm cluster',
  capabilities: ['launch', 'move', 'steer'],
  schema: z.strictObject({
    users: z.array(z.string().regex(USER, 'is no user name')).min(1).optional().meta({
      description: 'of `slurm`: whose jobs are followed; those of others than the bot are only told of',
      type: 'list of user names',
      otherwise: 'the user that runs xaxbot',
    }),
    run_folders: z.string().min(1).default('slurm-runs').meta({
      description:
        "of `slurm`: where each run of a preset gets its folder, from the preset's `cwd`; the nodes and this host must both see it",
      type: 'folder',
    }),
  }),
  refuses: new Map([
    ['host', NO_HOST],
    ['ssh_config', NO_HOST],
  ]),
  settings: ({ users, run_folders }) => ({
    users: users as readonly string[] | undefined,
    runs: run_folders as string,
  }),
  folder: () => null,
  whereElse: jobsOf,
  doctor: (settings) => [['queue', jobsOf(settings)]],
  check: async ({ users }, deps) => (await import('./doctor.ts')).checkSlurm(users, deps),
  checkPresets: async (presets, _settings, deps) =>
    (await import('./presets.ts')).checkSlurmPresets(presets, deps),
  health: (queue) => [queueItem(queue, 'Slurm'), ...cautionItems(queue, 'users')],
  async open(settings, deps) {
    const { createSlurmQueue } = await import('./index.ts');
    return createSlurmQueue({ ...settings, ...deps });
  },
});

function jobsOf({ users }: SlurmSettings): string {
  return `Slurm, the jobs of ${users?.toSorted().join(', ') ?? 'this user'}`;
}
