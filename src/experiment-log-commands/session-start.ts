import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BotError } from '../core/errors.ts';
import { formatHeader } from '../experiments/csv.ts';
import { REPORT_NAME, REPORT_ROWS, REPORT_TITLE, renderReport } from '../experiments/report.ts';
import { defaultSessionName, LOG_NAME } from '../experiments/session.ts';
import { makeTeamFolder, newFileMode } from '../experiments/team-files.ts';
import { parseFlags } from './flags.ts';
import { type Answer, folderIn, type Place, sessionsDir } from './place.ts';

/** `session start`: a session's folder with an empty log and report, made or gone on with. */
export async function sessionStart(args: readonly string[], place: Place): Promise<Answer> {
  const flags = parseFlags(args, {
    name: { type: 'string' },
    'experiments-dir': { type: 'string' },
    new: { type: 'boolean' },
    resume: { type: 'boolean' },
  });
  if (flags.new && flags.resume) throw new BotError('session', 'Pass at most one of --new and --resume');
  if (flags.resume && flags.name === undefined) throw new BotError('session', '--resume requires --name');
  const name = (flags.name ?? defaultSessionName(place.now)).trim();
  const folder = folderIn(sessionsDir(flags['experiments-dir'], place), name);
  const exists = existsSync(folder);
  if (flags.new && exists) throw new BotError('session-exists', `Experiment already exists: ${folder}`);
  if (flags.resume && !exists) throw new BotError('unknown-session', `Experiment does not exist: ${folder}`);
  await makeTeamFolder(folder);
  const [log, report] = [join(folder, LOG_NAME), join(folder, REPORT_NAME)];
  // As the original's template has it; the first row that is written brings CRLF.
  await writeNew(log, formatHeader().replace('\r\n', '\n'));
  const empty = { title: REPORT_TITLE, maxRows: REPORT_ROWS, objectiveMode: 'auto' as const, now: place.now };
  await writeNew(report, renderReport([], empty));
  return {
    payload: {
      mode: exists ? 'resume' : 'new',
      experiment_name: name,
      experiment_dir: folder,
      log_path: log,
      report_path: report,
    },
    warnings: [],
  };
}

/** What is there already is left as it is. */
async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' })
    .then(() => chmod(path, newFileMode()))
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
}
