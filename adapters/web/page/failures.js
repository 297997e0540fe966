/** Of a longer line no more is looked at, characters. */
const LOOKED_AT = 2_000;
const TRACEBACK = /^\s*Traceback \(most recent call last\)/;
/** An exception as Python prints it, and how processes, JAX and CUDA say that they end. */
const FAILURE =
  /^\s*[\w.]*(?:Error|Exception|Interrupt)(?::|$)|\b(?:ERROR|FATAL|CRITICAL)\b|^Killed\b|Segmentation fault|\(core dumped\)|RESOURCE_EXHAUSTED|CUDA (?:error|out of memory)/;
/** What xax 0.4.9 says at level ERROR at the end of every run (task/mixins/cpu_stats.py, gpu_stats.py). */
const NO_FAILURE = /Closing [CG]PU stats monitor/;

/**
 * A log in passages, which together are its text: `failed` are tracebacks to their end and lines that tell of a failure, those that
 * follow each other in one.
 */
export function passages(text) {
  const found = [];
  let inTraceback = false;
  for (const line of text.split(/(?<=\n)/)) {
    const words = line.slice(0, LOOKED_AT);
    if (TRACEBACK.test(words)) inTraceback = true;
    const failed = inTraceback || (FAILURE.test(words) && !NO_FAILURE.test(words));
    // A traceback ends with its first line that is not indented, the exception.
    if (inTraceback && /^\S/.test(words) && !TRACEBACK.test(words)) inTraceback = false;
    const last = found.at(-1);
    if (last?.failed === failed) last.words += line;
    else found.push({ failed, words: line });
  }
  return found;
}
