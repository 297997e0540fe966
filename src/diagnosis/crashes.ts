/** The last words of a process that crashed below Python. */
export interface Crash {
  at: number;
  /** In lines. */
  words: string;
}

/** Of C++, the C library, glog and Python itself, the more telling first. The first group, or all, are the words. */
const CRASHES: readonly RegExp[] = [
  /terminate called after throwing an instance of .+/,
  /libc\+\+abi: terminating .+/,
  /\b(?:Check|CHECK) failed: .+/,
  /LLVM ERROR: .+/,
  /FatalError: `?(.+?)`? is detected by the operating system/,
  /(?:\*\*\* )?(?:double free or corruption|free\(\): invalid|munmap_chunk\(\)|malloc\(\): |realloc\(\): |corrupted (?:size|double)|stack smashing detected|buffer overflow detected).*/,
  /(?:^|\s)[\w./+-]+:\d+: .{1,300}?: Assertion [`'].+ failed\./,
  /pure virtual method called/,
  /OMP: Error #\d+: .+/,
  /Fatal Python error: (.+)/,
  /Watchdog caught collective operation timeout.*/,
  /(?:^|\s)F\d{4} [\d:.]+ +\d+ \S+\] ?(.+)/,
  /: F (?:external|tensorflow|xla)\/\S+ (.+)/,
  /Unexpected (?:segmentation fault|bus error|floating-point exception) encountered in worker.*/,
  /terminate called (?:without an active exception|recursively)/,
  /\b(?:Segmentation fault|Bus error|Illegal instruction|Floating point exception|Aborted)(?: \(core dumped\))?(?=$|\s{2,})/,
];
/** A kernel's failed assertion looks like the C library's, and is told of with the exception that follows. */
const OF_A_KERNEL = /thread: \[/;
const THROWN = /instance of '([^']+)/;
const NOT_WHAT = /Aborted|Traceback|^\*\*\*|^PC: @|Fatal Python|Exception raised from|^frame #/;
/** XLA's status, below the check that failed. */
const STATUS = /(?:^|\s)Status: (.+)/;
const WHAT = /what\(\): +(.+)/;
/** `what()` stands this near below `terminate called`, between lines of other ranks. */
const WHAT_WITHIN = 6;

/** The most telling of a log's last words of a crash. */
export function crashIn(lines: readonly string[], after: number): Crash | undefined {
  for (const pattern of CRASHES) {
    const at = lines.findIndex(
      (line, index) => index > after && pattern.test(line) && !OF_A_KERNEL.test(line),
    );
    if (at < 0) continue;
    const found = pattern.exec(lines[at]!)!;
    return { at, words: wordsAt(lines, at, found[1] ?? found[0]) };
  }
  return undefined;
}

/** A C++ exception's type and its own words, which may go on for lines. */
function wordsAt(lines: readonly string[], at: number, found: string): string {
  const type = THROWN.exec(found)?.[1];
  const below = lines.slice(at + 1, at + 1 + WHAT_WITHIN);
  const status = below.map((line) => STATUS.exec(line)?.[1]).find((said) => said !== undefined);
  if (type === undefined) return status === undefined ? found : `${found}\n${status}`;
  const index = below.findIndex((line) => WHAT.test(line));
  if (index < 0) return type;
  const rest = below.slice(index + 1).filter((line) => /^\S/.test(line) && !NOT_WHAT.test(line));
  const what = WHAT.exec(below[index]!)![1]!;
  return [what === type ? type : `${type}: ${what}`, ...rest.slice(0, 3)].join('\n');
}
