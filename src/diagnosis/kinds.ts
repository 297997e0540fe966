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
