import { setFlagsFromString } from 'node:v8';
import { errorText } from '../core/errors.ts';
import { COLUMN_FLAGS, flagOf } from './column-flags.ts';
import { isFlag } from './flags.ts';
import type { Answer, Place } from './place.ts';

const USAGE = 2;
const FAILED = 1;

type Command = (args: readonly string[], place: Place) => Promise<Answer>;

const COMMANDS: Record<string, { summary: string; usage: string; load(): Promise<Command> }> = {
  'session start': {
    summary: "a session's folder with an empty log, made or gone on with",
    usage: 'session start [--new|--resume] [--name NAME] [--experiments-dir DIR]',
    load: async () => (await import('./session-start.ts')).sessionStart,
  },
  'log sync': {
    summary: 'what "xax queue status --json" said, into the log',
    usage:
      'log sync --status-json FILE [--owner NAME] [--experiment-name NAME] [--experiments-dir DIR] [--log-path FILE]',
    load: async () => (await import('./sync.ts')).sync,
  },
  'log upsert': {
    summary: 'one row of the log, made or changed',
    usage:
      'log upsert --experiment-id ID [--metric NAME=VALUE]… [--metrics-json JSON|--metrics-json-file FILE] [--COLUMN TEXT]… [--experiment-name NAME] [--experiments-dir DIR] [--log-path FILE]',
    load: async () => (await import('./upsert.ts')).upsert,
  },
  report: {
    summary: 'the report of a log on disk',
    usage:
      'report --experiment-name NAME [--title TEXT] [--max-rows N] [--objective-mode auto|max|min] [--output-path FILE] [--plain] [--experiments-dir DIR] [--log-path FILE]',
    load: async () => (await import('./report.ts')).writeReport,
  },
};
/** What is declared of each, by its words; `flags`: by name, with what stands for their values. */
export function experimentLogCommands(): {
  words: string;
  summary: string;
  usage: string;
  flags: { name: string; value: string | undefined }[];
}[] {
  return Object.entries(COMMANDS).map(([words, { summary, usage }]) => ({
    words,
    summary,
    usage,
    flags: [
      ...usage
        .matchAll(/--([a-z][a-z-]*)(?: ([A-Z][A-Z=]*|[a-z]+(?:\|[a-z]+)+))?/g)
        .map(([, name, value]) => ({
          name: name!,
          value,
        })),
      ...(usage.includes('--COLUMN') ? COLUMN_FLAGS : []).map((column) => ({
        name: flagOf(column),
        value: 'TEXT',
      })),
    ],
  }));
}

/** `report` alone is the chat's command; with one of these it is the script's. */
const OF_REPORT = [
  'experiment-name',
  'log-path',
  'output-path',
  'experiments-dir',
  'title',
  'max-rows',
  'objective-mode',
  'plain',
];

/** The command on the log's own files that the arguments mean; undefined for every other. */
export function experimentLogCommand(
  args: readonly string[],
): { name: string; rest: readonly string[] } | undefined {
  const [first, second] = args;
  const name = `${first} ${second}`;
  if (first !== 'report' && Object.hasOwn(COMMANDS, name)) return { name, rest: args.slice(2) };
  if (first === 'report' && args.slice(1).some((word) => isFlag(word, OF_REPORT)))
    return { name: 'report', rest: args.slice(1) };
  return undefined;
}

/** How the one that the words name is written; undefined where they name none. */
export function experimentLogUsage(words: readonly string[]): string | undefined {
  const wanted = experimentLogCommand(words);
  return wanted && COMMANDS[wanted.name]!.usage;
}

/** Runs one; prints what the original script prints. Resolves to the exit code: 1 when it failed, 2 for wrong usage. */
export async function runExperimentLogCommand(
  { name, rest }: { name: string; rest: readonly string[] },
  place: Place,
  out: { say(text: string): void; complain(text: string): void },
): Promise<number> {
  const { usage, load } = COMMANDS[name]!;
  if (rest.includes('--help') || rest.includes('-h')) {
    out.say(`xaxbot ${usage}\n`);
    return 0;
  }
  // The bot's heap grows little by little, to stay small for days; for one log of 50,000 rows that takes twice the time.
  setFlagsFromString('--heap-growing-percent=0');
  try {
    const { payload, warnings } = await (await load())(rest, place);
    for (const warning of warnings) out.complain(`${name}: ${warning}\n`);
    out.say(`${asPython(payload)}\n`);
    return 0;
  } catch (error) {
    const isUsage = error instanceof TypeError;
    out.complain(`${name} failed: ${errorText(error).replace(/\s*\n\s*/g, ' ')}\n`);
    if (isUsage) out.complain(`usage: xaxbot ${usage}\n`);
    return isUsage ? USAGE : FAILED;
  }
}

/** json.dumps(indent=2, sort_keys=True). */
function asPython(payload: Answer['payload']): string {
  const sorted = Object.fromEntries(Object.entries(payload).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(sorted, null, 2).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
