import { type Diagnosis, diagnosis, linesAround } from './diagnosis.ts';
import { isHarmless } from './error-lines.ts';

/** A program's own last words of what is wrong with how it was started. */
const COMPLAINT = /^([\w.]+: )?(\w+ )?(error|fatal): \S/i;
/** What argparse and click exit with when they refuse a command line. */
const USAGE_CODE = 2;
/** As Hydra and absl word it, without a traceback and with an exit code of any failure's. */
const SETTINGS =
  /^(?:FATAL )?(Flags parsing error: .+|Could not override '.+|Key '.+' is not in struct|In '.+': Could not find '.+|Could not find '.+)/;
/** As Python's argparse, click and Fire word it. */
const ARGUMENTS =
  /(?:^|\s)([\w./-]+: error: .+|ERROR: Could not consume arg: .+|Error: (?:No such (?:option|command)|Missing (?:option|argument|command)|Invalid value|Got unexpected).+)$/;
/** Words of a line that says that something failed. */
export const FAILING =
  /\b(errors?|fail(ed|ure)|fatal|cannot|can't|could not|couldn't|unable|invalid|missing|exception|abort(ed|ing)?|not found)\b/i;
/** What is summed up of a failure that was told above. */
const SUMMARY =
  /^(srun|slurmstepd|make|mpirun)\b|exit(ed)? (code|status)|\b(failed|aborted|crashed|terminated|stopped|exception|traceback)\b/i;

/** A launcher's word of its child's exit code. */
const CHILD_CODE =
  /\bexit ?codes?\W{0,4}2\b|\b(?:exit(?:ed)? )?(?:status|code)(?: of| is)?[\s=:]{1,3}2\b|\breturn(?:ed)? code\W{1,4}2\b/i;
/** Hydra's words of one refusal stand so near each other. */
const NEAR = 4;

/** What a program says of how it was started: an argument parser, which exits with 2 itself or as a launcher's child, or Hydra. */
export function refusal(lines: readonly string[], returnCode: number | null): Diagnosis | undefined {
  const isUsage = returnCode === USAGE_CODE || lines.some((line) => CHILD_CODE.test(line));
  const pattern = isUsage && lines.some((line) => ARGUMENTS.test(line)) ? ARGUMENTS : SETTINGS;
  const at = lines.findLastIndex((line) => pattern.test(line));
  if (at < 0) return undefined;
  const above = lines.slice(Math.max(0, at - NEAR), at).find((line) => pattern.test(line));
  const said = [above, lines[at]!].map((line) => line && pattern.exec(line)![1]!);
  return diagnosis({
    kind: 'python_exception',
    text: [...new Set(said.filter((line) => line !== undefined))].join(' '),
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
