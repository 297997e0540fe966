import { complain, say } from '../../adapters/terminal/screen.ts';
import { type experimentLogCommand, runExperimentLogCommand } from '../experiment-log-commands/index.ts';
import type { Place } from './place.ts';

/** `xaxbot session start`, `log sync`, …: what the original scripts do, on the log's own files. Resolves to the exit code. */
export function onExperimentLog(
  place: Place,
  wanted: NonNullable<ReturnType<typeof experimentLogCommand>>,
): Promise<number> {
  return runExperimentLogCommand(
    wanted,
    { ...place, now: Date.now() },
    { say: (text) => say(withoutEnd(text)), complain: (text) => complain(withoutEnd(text)) },
  );
}

/** A line without its end, which is written with it. */
function withoutEnd(line: string): string {
  return line.replace(/\n$/, '');
}
