/** What a failed job's log tells of its cause. */
export const CAUSE_KINDS = [
  'out_of_memory_device',
  'out_of_memory_host',
  'nan',
  'python_exception',
  'missing_module',
  'missing_file',
  'disk_full',
  'cuda',
  'compile',
  'signal',
  'interruption',
  'unknown',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** Words by which a kind is known; in an exception's own text, never in the source lines that a traceback quotes. */
export const WORDS: readonly { kind: CauseKind; pattern: RegExp }[] = [
  // XLA's and CUDA's own words; xax looks for "resource exhausted" with a space and misses the first.
  {
    kind: 'out_of_memory_device',
    pattern:
      /RESOURCE_EXHAUSTED|Resource exhausted: Out of memory|CUDA out of memory|OutOfMemoryError: CUDA|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED/,
  },
  {
    kind: 'out_of_memory_host',
    pattern:
      /^(\w+\.)*_?(Array)?MemoryError\b|Unable to allocate .* for an array|is killed by signal: (Killed|Bus error)|Cannot allocate memory|std::bad_alloc/,
  },
  { kind: 'disk_full', pattern: /\[Errno 28\]|\[Errno 122\]|No space left on device|Disk quota exceeded/ },
  {
    kind: 'nan',
    pattern:
      /^(\S+: )?FloatingPointError: .*\b(nan|inf)\b|\b(loss|losses|outputs?|gradients?|grads?|grad norm|metrics?)\b[^.]{0,40}\b(is|are|became|contains?|has) (a )?(nan|inf|not finite|non-finite)\b/i,
  },
  {
    kind: 'compile',
    pattern:
      /Mosaic failed to compile|ptxas (fatal|error|exited)|Ptx assembly aborted|Failed to parse Triton|triton\.compiler\.errors|CompilationError|LLVM ERROR|failed to legalize operation|LLVM compilation (failed|error)/i,
  },
  {
    kind: 'cuda',
    pattern:
      /CUDA error|CUDA_ERROR_|[Cc][Uu]D[Nn][Nn]|\bcudnn\b|[Cc]udnn|CUBLAS_STATUS|\bNCCL\b|nccl\w*Error|No visible GPU devices|no kernel image is available|no CUDA-capable device|Unable to initialize backend 'cuda'|CUDA driver/,
  },
];

/** Lines of the host's own, outside of any exception, that say who ended the process. */
export const KERNEL_KILLED = /Out of memory: Killed process \d+|\boom_kill event|\boom-kill:|OOM Killed/;
/** A library's or the driver's trouble with the GPU, said before a program that insists on one gives up. */
export const NO_GPU =
  /failed call to cuInit|does not match DSO version|CUDA_ERROR_NO_DEVICE|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/;
export const ABOUT_GPU = /\b(gpu|cuda|device|backend)s?\b/i;
export const MODULE_SPEC =
  /Error while finding module specification for '[^']+' \((?:ModuleNotFoundError|ImportError): No module named '([^']+)'\)/;
export const FATAL = /^Fatal Python error: (.+)$/;
/** A program that stops because of NaN and says so in its last words. */
export const NAN_STOP = /\bloss is (nan|inf)\b.*\b(stop|abort|exit)/i;
/** A line that a training writes while it goes on, xax's own among them: what failed before it did not end the run. */
export const GOES_ON =
  /^\W{0,4}(steps?|epoch|iter(ation)?|batch)\b.*\d|\b(step|epoch|iter(ation)?)[ =:]+\d|\bloss[=: ]+[\d.]|\bPING\b|\bit\/s\b/i;
/** What stands before a traceback that ended nothing: Python prints it of destructors and threads, and goes on. */
export const ENDED_NOTHING = /^(Exception ignored (in|on)\b|Exception in thread\b)/;
/** Words beside a traceback that was written down by a program which then went on without. */
export const HANDLED =
  /\bfall(ing)? ?back\b|\bstarting (anew|fresh|from scratch)\b|\b(ignoring|ignored|continuing|retrying|skipping|disabled)\b|\bwill retry\b/i;
/** What follows from another process's end: the other's own words are the cause. */
export const CONSEQUENCE =
  /\bNCCL\b.*(abort|watchdog|timeout|communicator)|Connection (reset|closed) by (remote )?peer|ChildFailedError|ProcessExitedException|BrokenPipeError|The client has disconnected/i;
/** A program's own last words of what is wrong with how it was started. */
export const COMPLAINT = /^([\w.]+: )?(\w+ )?(error|fatal): \S/i;
/** Signals that come from outside; Python's own failures end with an exit code. */
export const OUTER_SIGNALS: readonly string[] = ['1', '2', '9', '15'];

export const ADVICE: Partial<Record<CauseKind, string>> = {
  out_of_memory_device:
    'Try a smaller batch or gradient_accumulation_steps, rematerialisation, or see what else uses the GPU.',
  out_of_memory_host:
    'Try fewer data loader workers, a smaller dataset in memory, or more shared memory for the container.',
  nan: 'Try a lower learning rate, gradient clipping, or compile.debug_nans=true to find where it begins.',
  missing_module:
    'Install it in the environment that the queue uses, or start the task as python -m from its project.',
  missing_file: 'Check the path as the host sees it; a relative one is below the project that was staged.',
  disk_full: 'Make room, or move the runs folder: old checkpoints are the usual bulk.',
  cuda: 'Check nvidia-smi and the driver against the installed CUDA libraries; a GPU that fell off needs the host restarted.',
  compile:
    'A kernel cannot be compiled for this GPU with this toolchain: check versions, or turn the custom kernel off.',
  interruption: 'Nothing is wrong with the run: retry it.',
};
