import { positionsOf } from './progress.ts';
import { isTrackersLine } from './trackers.ts';

/** Lines of launchers, that tell of their child's end. */
const OF_OTHERS =
  /torch[./]distributed|elastic|srun:|slurmstepd|mpirun|mpiexec|resource_tracker|resource_sharer|leaked|core dumped|^\W*Killed\b/i;
/** What a program says while it goes down. */
const GOING_DOWN =
  /\b(clean(ing|ed)?[ -]?up|shut(ting)?[ -]?down|exit(s|ed|ing)?|clos(e|ed|ing)|terminat\w+|upload\w*|sav(e|ed|ing)|sync\w*|flush\w*|done|destroy\w*|abort\w*|fail(s|ed|ing|ure)?|errors?|exception|crash\w*|kill\w*|stopp?(ed|ing)?|releas\w+|finaliz\w+|finish\w*|continu\w+|ignor\w+|retry\w*|skipp\w+|fall\w* ?back|traceback|HYDRA_FULL_ERROR|CUDA_LAUNCH_BLOCKING|TORCH_USE_CUDA_DSA|frame #)\b/i;

/** Whether a line may stand after the end of a run: it is no evidence that the program went on. */
export function isAfterword(line: string): boolean {
  const text = line.trim();
  return (
    !/[A-Za-z]/.test(text) ||
    isTrackersLine(text) ||
    OF_OTHERS.test(text) ||
    GOING_DOWN.test(text) ||
    /\d%\||\[\d+:\d+/.test(text) ||
    /^\s{2,}|^File "/.test(line) ||
    (positionsOf(line).length > 0 && /%/.test(text))
  );
}
