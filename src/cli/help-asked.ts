/** Help that is asked for. */
export interface HelpAsked {
  /** What it is about; none: everything. */
  words: readonly string[];
  /** Of everything, a line of every command too. */
  isWhole: boolean;
  isPaged: boolean;
}

/**
 * Whether a command line asks for help: with --help beside what it is about, behind "help", or by no word at all. As JSON it is an
 * answer of the chat's command.
 */
export function helpAsked(args: readonly string[]): HelpAsked | undefined {
  const line = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  const words = line.filter((word) => word !== '--help' && word !== '-h');
  const isWhole = words[0] === 'help' && !words.includes('--json');
  if (args.length > 0 && words.length === line.length && !isWhole) return undefined;
  const first = words.findIndex((word, index) => !word.startsWith('-') && !(isWhole && index === 0));
  return { words: first < 0 ? [] : words.slice(first), isWhole, isPaged: !words.includes('--no-pager') };
}
