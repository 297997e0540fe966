import { columnsOf, type Frame, rowsOf } from './frames.ts';

/** That of the recording, and later ones of which the shapes are known. */
export const VERSIONS = ['22.05.8', '23.02.0', '23.11.0', '24.05.0', '25.05.0', '25.11.0'] as const;
export type Version = (typeof VERSIONS)[number];

const isFrom = (version: Version, first: Version) => VERSIONS.indexOf(version) >= VERSIONS.indexOf(first);

/**
 * A frame as a later version would have printed it. Nothing of this was recorded: it is made from what Slurm documents to have
 * changed (RELEASE_NOTES and CHANGELOG of each version), of what is read here.
 */
export function asVersion(version: Version, commands: Frame['commands']): Frame['commands'] {
  const { squeue, scontrol } = commands;
  return {
    ...commands,
    squeue: {
      ...squeue,
      out: isFrom(version, '23.02.0') ? withExitPairs(squeue.argv, squeue.out) : squeue.out,
    },
    scontrol: { ...scontrol, out: recordsAs(version, scontrol.out) },
  };
}

/** 23.02: squeue prints exit codes as `code:signal`, which were the system's wait status before. */
function withExitPairs(argv: readonly string[], text: string): string {
  const columns = columnsOf(argv);
  const at = columns.indexOf('exit_code');
  const [header, ...rows] = rowsOf(text, columns.length);
  if (!header) return text;
  const paired = rows.map((cells) => cells.with(at, pairOf(Number(cells[at]))));
  return [header, ...paired].map((cells) => `${cells.join('|')}|\n`).join('');
}

const pairOf = (status: number) => `${(status >> 8) & 0xff}:${status & 0x7f}`;

/**
 * 23.02: resources asked for and given stand apart. 24.05: no `Power=` any more. 25.05: a field for the licences that
 * were given. 25.11: how it was submitted, which may be any text, and no blank of its own behind a comment.
 */
function recordsAs(version: Version, text: string): string {
  let later = text;
  if (isFrom(version, '23.02.0'))
    later = later.replaceAll(/ NodeList=(\S*)( [^\n]*?) TRES=(\S*)/g, (_, nodes, between, resources) => {
      const given = nodes === '' ? '(null)' : resources;
      return ` NodeList=${nodes}${between} ReqTRES=${resources} AllocTRES=${given}`;
    });
  if (isFrom(version, '24.05.0')) later = later.replaceAll(/ Power=(?= )/g, '');
  if (isFrom(version, '25.05.0')) later = later.replaceAll(/( Licenses=\S*)/g, '$1 LicensesAlloc=(null)');
  if (isFrom(version, '25.11.0'))
    later = later
      .replaceAll(/( Command=\S*)/g, '$1 SubmitLine=sbatch --parsable --wrap true')
      .replaceAll(/( Comment=[^\n]*?) (?= StdErr=)/g, '$1');
  return later;
}

/** `scontrol show config` of a later version. 23.11: what was a plugin called none is not set at all. */
export function configAs(version: Version, text: string): string {
  const later = text.replace(/^(SLURM_VERSION\s*= ).*$/m, `$1${version}`);
  return isFrom(version, '23.11.0') ? later.replaceAll(/^(\w+Type\s*= )\w+\/none$/gm, '$1(null)') : later;
}
