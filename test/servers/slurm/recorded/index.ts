import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeProgram } from '../../../programs.ts';
import { quoted } from '../../sshd/files.ts';
import { type Frame, readFrames } from './frames.ts';
import { readJournal } from './journal.ts';
import { asVersion, VERSIONS, type Version } from './versions.ts';

export type { Frame } from './frames.ts';
export { type Deed, type Ending, readJournal, type TrueJob, type TruePart, trueJobs } from './journal.ts';
export { VERSIONS, type Version } from './versions.ts';

/** What the stand-ins find at the moment when they are run. */
export interface Present {
  frame: Frame['commands'];
  shiftSeconds: number;
  /** The id that the next job gets. */
  nextId: number;
  me: string;
  /** Of the time that a command took, the part that its stand-in takes. */
  slowness: number;
  version: Version;
}

export interface RecordedDayOptions {
  /** Added to all times, seconds: the day as if it were another. */
  shiftSeconds?: number;
  /** Of the seconds that a command took in the recording, as 9 in an outage, the part that it takes now; none unless given. */
  slowness?: number;
  /** As what version it answers; only the first of VERSIONS was recorded. */
  version?: Version;
}

export interface RecordedDay {
  frames: readonly Frame[];
  /** A folder for PATH with squeue, scontrol, sinfo and sacct that answer from the recording, and no scancel, sbatch or srun. */
  bin: string;
  /** Goes to a moment: the index of a frame. */
  goTo: (index: number) => void;
  /** The moment's time with the shift, epoch milliseconds. */
  timeOf: (index: number) => number;
}

const PROGRAM = join(import.meta.dirname, 'program.ts');
/** Whose bot it is: who asks with --me. */
const ME = 'ada';

/** Puts Slurm's commands into `folder`, answering for the first moment of the recorded day. They ask of nobody else. */
export function startRecordedDay(folder: string, options: RecordedDayOptions = {}): RecordedDay {
  const { shiftSeconds = 0, slowness = 0, version = VERSIONS[0] } = options;
  const frames = readFrames();
  const bin = join(folder, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const name of ['squeue', 'scontrol', 'sinfo', 'sacct'])
    writeProgram(
      bin,
      name,
      `exec ${[process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM, folder, name].map(quoted).join(' ')} "$@"`,
    );
  const goTo = (index: number) => {
    const { at, commands } = frames[index]!;
    const present: Present = {
      frame: asVersion(version, commands),
      shiftSeconds,
      nextId: nextIdAt(frames, at),
      me: ME,
      slowness,
      version,
    };
    const next = join(folder, 'present.json.next');
    writeFileSync(next, JSON.stringify(present));
    renameSync(next, join(folder, 'present.json'));
  };
  goTo(0);
  return { frames, bin, goTo, timeOf: (index) => (frames[index]!.at + shiftSeconds) * 1000 };
}

/** One more than the highest id that had been given out by then, since the state was lost if it was. */
function nextIdAt(frames: readonly Frame[], at: number): number {
  const lost = readJournal().find(
    ({ kind, text }) => kind === 'fault' && text.includes('StateSaveLocation'),
  )!.at;
  const since = at < lost ? 0 : lost;
  const seen = frames
    .filter((frame) => frame.at > since && frame.at <= at)
    .flatMap(({ commands }) =>
      [...commands.scontrol.out.matchAll(/^JobId=(\d+)/gm)].map(([, id]) => Number(id)),
    );
  return Math.max(0, ...seen) + 1;
}
