import type { RunFiles } from '../../core/queue.ts';
import type { Kind } from '../survey.ts';
import type { TagTable } from '../tag-table.ts';

/** Takes in the points of one tag in the order in which its file has them. */
export interface PointStore {
  /** `wallTime`: epoch seconds, NaN where the file does not say. */
  push(step: number, wallTime: number, value: number): void;
  /** What was logged from this step on is superseded by what follows. */
  cutFrom(step: number): void;
}

/** What one file tells of one sub-run. */
export interface Logged<P extends PointStore> {
  /** As TensorBoard names it: its folder below the run's, `.` for the run's own. */
  subRun: string;
  /** Path below the run's folder. */
  file: string;
  /** By tag. */
  points: ReadonlyMap<string, P>;
  /** What its steps count, in the file's own word; null where it has none. */
  stepName: string | null;
  /** The lowest step at which the file says that training began again; absent: it does not say so. */
  restartedAt?: number;
}

/** A file in which training writes its metrics, read as it grows. */
export interface Source<P extends PointStore> {
  /** Reads what is new; resolves to whether anything is. Error `run-file` where it cannot be read. */
  read(): Promise<boolean>;
  logged(): readonly Logged<P>[];
  /** Records and lines that were skipped, as they are damaged. */
  damaged(): number;
  /** Epoch milliseconds; null before it was read. */
  writtenAt(): number | null;
  /** What the training was started with, where the file has that too, as it is written there. */
  settings?(): Readonly<Record<string, string>>;
  /** Whether what is in it shows that it is no file of metrics after all, of which nothing is to be said. */
  isForeign?(): boolean;
  /** Whether of a large file only parts were read: its beginning, its end, and places between. */
  isPartial?(): boolean;
  /** Why nothing, or not all, of it is read, in words that follow its path; null where there is nothing to say. */
  problem(): string | null;
}

/** How what is read is kept. */
export interface Keeping<P extends PointStore> {
  /** Which tags are kept, over all files of a run. */
  tags: TagTable & { admits(tag: string): boolean };
  /** Where the points of a tag of one file go; undefined where there are too many such places already. */
  storeOf(tag: string): P | undefined;
  /** Every point is read, however long that takes; else of large files enough to see their curves, and their ends. */
  isWhole: boolean;
  /** Between two slices of the work, of which the last took so many milliseconds; absent: the event loop has its turn. */
  rest?: (tookMs: number) => Promise<void>;
  /** When the run began, epoch milliseconds: a file that keeps runs apart leaves out those that logged nothing since. */
  since?: number | undefined;
}

/** A format of metrics. */
export interface Format extends Kind {
  name: string;
  /** The folder of the run that a file is of; absent: the file's own. */
  runOf?(path: string): string;
  /** What a tag is called in the other files of its stack; absent: as in this one. */
  plainTag?(tag: string, path: string): string;
  open<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P>;
}

/** The folder of a file, as a sub-run is named. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '.' : path.slice(0, end);
}

/** The name of a file without its folder. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The points of a tag that is kept; undefined for one tag too many. */
export function pointsOf<P extends PointStore>(
  points: Map<string, P>,
  tag: string,
  { tags, storeOf }: Pick<Keeping<P>, 'tags' | 'storeOf'>,
): P | undefined {
  const known = points.get(tag);
  if (known || !tags.admits(tag)) return known;
  const made = storeOf(tag);
  if (made) points.set(tag, made);
  return made;
}
