import { terminalArguments } from '../../adapters/terminal/arguments.ts';
import { statusLine } from '../../adapters/terminal/screen.ts';
import { COMMANDS } from '../../commands/index.ts';
import { loadDataDir } from '../config/data-dir.ts';
import { answered, createPrinting } from './answered.ts';
import { createAsk, createHear } from './asking.ts';
import type { Place } from './place.ts';
import { mustBeCommand } from './unknown.ts';
import { createWorking } from './working.ts';

/** One command that is read here, done through the running bot or without it. Resolves to the exit code. */
export async function command(place: Place, args: string[]): Promise<number> {
  const { argv, json, yes, watchMs, follow, pager } = terminalArguments(args, COMMANDS);
  mustBeCommand(argv);
  const dataDir = loadDataDir(place);
  const isPaged = pager && !json && watchMs === null && !follow;
  const printing = Object.assign(createPrinting(place, dataDir), { json, isPaged });
  const ask = createAsk(place, dataDir, (zone) => {
    printing.timezone = zone;
  });
  if (watchMs !== null)
    return (await import('./watching.ts')).watching(argv, createHear(ask), printing, watchMs);
  const status = statusLine(printing.colours.err);
  if (follow) return (await import('./following.ts')).followLog(argv, createHear(ask), printing, status);
  if (argv[0] === 'wait')
    return (await import('./waiting.ts')).waiting(
      argv,
      createHear(ask),
      printing,
      createWorking(status, printing),
    );
  return answered(
    (onReply) => ask({ argv, yes }, onReply),
    (token) => (onReply) => ask({ confirm: token }, onReply),
    printing,
  );
}
