import { type Diagnosis, diagnosis, linesAround } from './diagnosis.ts';
import { isHarmless } from './error-lines.ts';

/** A program's own last words of what is wrong with how it was started. */
const COMPLAINT = /^([\w.]+: )?(\w+ )?(error|fatal): \S/i;
/** What argparse and click exit with when they refuse a command line. */
const USAGE_CODE = 2;
/** As Hydra words it, without a traceback. */
const HYDRA =
  /^(Could not override '.+|Key '.+' is not in struct|In '.+': Could not find '.+|Could not find '.+)/;
/** As Python's argparse and click word it. */
const ARGUMENTS =
  /(?:^|\s)([\w./-]+: error: .+|Error: (?:No such (?:option|command)|Missing (?:option|argument|command)|Invalid value|Got unexpected).+)$/;
/** Words of a line that says that something failed. */
export const FAILING =
  /\b(errors?|fail(ed|ure)|fatal|cannot|can't|could not|couldn't|unable|invalid|missing|exception|abort(ed|ing)?|not found)\b/i;
/** What is summed up of a failure that was told above. */
const SUMMARY =
  /^(srun|slurmstepd|make|mpirun)\b|exit(ed)? (code|status)|\b(failed|aborted|crashed|terminated|stopped|exception|traceback)\b/i;

/** What a program says of how it was started: an argument parser, with return code 2, or Hydra. */
export function refusal(lines: readonly string[], returnCode: number | null): Diagnosis | undefined {
  const pattern = returnCode === USAGE_CODE ? ARGUMENTS : HYDRA;
  const at = lines.findLastIndex((line) => pattern.test(line));
  if (at < 0) return undefined;
  return diagnosis({
    kind: 'python_exception',
    text: pattern.exec(lines[at]!)![1]!,
    lines: linesAround(lines, at),
  });
}

/** The last line, where it says that something failed, whatever that was. */
export function lastFailure(lines: readonly string[]): string | undefined {
  const last = lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
  return FAILING.test(last) && !isHarmless(last) ? last : undefined;
}

/** What a program complains of in its very last line, as argument parsers do; undefined where it says nothing of the kind. */
export function complaint(lines: readonly string[]): string | undefined {
  const last = lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
  return COMPLAINT.test(last) && !SUMMARY.test(last) ? last : undefined;
}
