import { EXIT_FAILED } from '../adapters/terminal/print.ts';
import { complainOf, guardScreen, say } from '../adapters/terminal/screen.ts';
import { helpAsked } from './cli/help-asked.ts';
import { takePlace } from './cli/place.ts';
import { isSubcommand } from './cli/subcommand-names.ts';
import { secretsAround } from './config/environment.ts';
import { createMask } from './core/masked.ts';
import { experimentLogCommand } from './experiment-log-commands/index.ts';
import { closeUmask } from './processes/umask.ts';

/** Runs the subcommand that the arguments name; resolves to the exit code. Each is loaded only when it is named. */
async function main(argv: string[]): Promise<number> {
  const started = { env: process.env, cwd: process.cwd() };
  // Of the commands on the log's own files a flag may be a column's.
  const { place, args } = takePlace(argv, started, (words) => experimentLogCommand(words) !== undefined);
  const [first, ...rest] = args;
  const asked = helpAsked(args);
  if (asked) {
    await (await import('./cli/help.ts')).showHelp(asked, place.env);
    return first === undefined ? EXIT_FAILED : 0;
  }
  if (first === '--version' || first === '-V') {
    say((await import('./cli/version.ts')).VERSION);
    return 0;
  }
  if (isSubcommand(first)) {
    const [{ SUBCOMMANDS }, { givenTo }] = [
      await import('./cli/subcommands.ts'),
      await import('./cli/subcommand.ts'),
    ];
    const subcommand = SUBCOMMANDS.find(({ name }) => name === first)!;
    return (await subcommand.load())(place, givenTo(subcommand, rest));
  }
  const wanted = experimentLogCommand(args);
  if (wanted)
    return (await import('./cli/experiment-log-command.ts')).onExperimentLog(
      { ...place, cwd: started.cwd },
      wanted,
    );
  return (await import('./cli/typed.ts')).typed(place, args);
}

closeUmask();
// No error of a start shows the secrets that it was started with.
const mask = createMask(secretsAround(process.env, process.cwd()));
guardScreen(mask);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  complainOf(error, mask);
  process.exitCode = EXIT_FAILED;
}
