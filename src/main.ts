import { EXIT_FAILED } from '../adapters/terminal/print.ts';
import { complainOf, guardScreen, say } from '../adapters/terminal/screen.ts';
import { takePlace } from './cli/place.ts';
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
  switch (first) {
    case undefined:
    case '--help':
    case '-h':
      say((await import('./cli/usage.ts')).USAGE);
      return first === undefined ? EXIT_FAILED : 0;
    case '--version':
    case '-V':
      say((await import('./cli/version.ts')).VERSION);
      return 0;
    case 'start':
      return (await import('./cli/start.ts')).start(place);
    case 'demo':
      return (await import('./cli/demo.ts')).demo(place);
    case 'doctor':
      return (await import('./cli/doctor.ts')).doctor(place);
    case 'mcp':
      return (await import('./cli/mcp.ts')).mcp(place, rest);
    case 'restore':
      return (await import('./cli/restore.ts')).restore(place, rest);
    case 'web-link':
      return (await import('./cli/web-link.ts')).webLink(place, rest[0]);
    default: {
      const wanted = experimentLogCommand([first, ...rest]);
      if (wanted)
        return (await import('./cli/experiment-log-command.ts')).onExperimentLog(
          { ...place, cwd: started.cwd },
          wanted,
        );
      return (await import('./cli/command.ts')).command(place, [first, ...rest]);
    }
  }
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
