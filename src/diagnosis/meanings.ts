import type { Meaning } from './meaning.ts';
import { COMPILE_MEANINGS, GPU_MEANINGS } from './meanings-gpu.ts';
import { MEMORY_MEANINGS } from './meanings-memory.ts';

/** Words that look like another kind's and are a mistake of the program's or of somebody else's service. */
const NOT_WHAT_IT_SEEMS: readonly Meaning[] = [
  {
    kind: 'python_exception',
    pattern: /device-side assert(?!ions)|an assertion (was )?triggered|CUDA_ERROR_ASSERT|cudaErrorAssert\b/i,
    advice:
      'An index or a label is out of range in a kernel: run once with CUDA_LAUNCH_BLOCKING=1, or on the CPU, to see where.',
  },
  {
    kind: 'python_exception',
    pattern:
      /message larger than max|grpc_message.{0,40}larger than|(?<!Disk )\bquota\b.{0,40}exceeded|rate limit|\b429\b/i,
    advice: null,
  },
  {
    kind: 'python_exception',
    pattern: /circular import|partially initialized module/,
    advice: 'Two files import each other, or a file in the project has the name of a library.',
  },
  { kind: 'signal', pattern: /killed by signal: (?!Killed|Bus error)/, advice: null },
  {
    kind: 'python_exception',
    pattern: /undefined symbol: \S+|symbol not found|version `\w+' not found/,
    advice: 'Two compiled libraries do not match: install both for the same version.',
  },
  {
    kind: 'python_exception',
    pattern: /Too many open files|inotify/,
    advice: 'Raise the limit of open files (ulimit -n), or use fewer data loader workers.',
  },
];

const NAN_MEANINGS: readonly Meaning[] = [
  {
    kind: 'nan',
    pattern: /Input \w+ contains (NaN|infinity)|must not contain infs or NaNs/i,
    advice: 'The input already contains NaN: look at the data, and at what computed it.',
  },
  {
    kind: 'nan',
    pattern:
      /FloatingPointError: .*\b(nan|infs?|infinite|Minimum loss scale)\b|invalid value \((nan|inf)\) encountered/i,
  },
  {
    kind: 'nan',
    pattern:
      /\b(loss(es)?|outputs?|gradients?|grads?|grad norm|metrics?|activations?|logits|params|parameters|weights|returned|found|detected|encountered|contains?)\b[^.]{0,40}\b(?<![-_])(nans?|infs?|infinit[ey]|not finite|non-?finite)\b(?![_-])/i,
  },
  {
    kind: 'nan',
    pattern:
      /\b(nan|inf|non-?finite)s?( or (nan|inf)s?)? (loss|losses|gradients?|grads?|values?|outputs?|detected|found|encountered)\b/i,
  },
  {
    kind: 'nan',
    pattern:
      /\bloss scale (is )?(already )?(at|reached|hit|below) (the |its )?min|minimum loss scale reached|cannot decrease (the )?(loss )?scale/i,
  },
  { kind: 'nan', pattern: /^AssertionError: assert\b.*\b(is_?nan|is_?finite|isinf)\b/ },
  {
    kind: 'nan',
    pattern:
      /Nan in summary histogram|Nan, Inf or huge value|cannot convert float (NaN|infinity) to integer|tensor\(\[+\s*nan\b|`inf`, `nan` or element < 0/i,
  },
];

const OTHER_MEANINGS: readonly Meaning[] = [
  {
    kind: 'python_exception',
    pattern: /unexpected pos \d+ vs \d+|PytorchStreamWriter failed writing/,
    advice: 'A file could not be written completely: often the disk is full or a quota is reached.',
  },
  {
    kind: 'missing_file',
    pattern:
      /\berrno = 2\b|\[Errno 2\] No such file|Failed to find any matching files|Failed to get matching files on .{1,200}: Not found|Not ?Found(Error)?: .*No such file or directory|does not appear to have a file named|no file named .{1,120} found in|Parent directory \S+ does not exist/,
  },
];

/** The first that fits counts. */
export const MEANINGS: readonly Meaning[] = [
  ...NOT_WHAT_IT_SEEMS,
  ...MEMORY_MEANINGS,
  ...COMPILE_MEANINGS,
  ...GPU_MEANINGS,
  ...NAN_MEANINGS,
  ...OTHER_MEANINGS,
];
