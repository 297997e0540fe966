import { BotError, errorText } from '../core/errors.ts';

/** Why nothing below a folder is read: error `run-file`, whichever host the folder is on. */
export const runFileErrors = {
  /** Somebody put a link in the place of a run folder, or on the way to it, that leads to others' files. */
  ledAway: (runDir: string, link: string) =>
    problem(
      `The run folder ${runDir} ${link === runDir ? 'is' : `is reached over ${link},`} a link that somebody else made to what is not theirs.`,
      'Nothing there is read.',
    ),
  othersFile: (folder: string, file: string) =>
    problem(`${file} in ${folder} belongs to somebody else than the job.`, 'It is not read.'),
  othersFolder: (folder: string) =>
    problem(`The folder ${folder} belongs to somebody else than the job.`, 'Nothing there is read.'),
  leadsOut: (folder: string, path: string) =>
    problem(`${path} leads out of the run folder ${folder}.`, 'Only files inside it are read.'),
  notThere: (folder: string, file: string) =>
    problem(`${file} is not in ${folder}.`, 'The run folder may have been moved or cleaned.'),
  noFile: (folder: string, file: string) =>
    problem(`${file} in ${folder} is not a file in that folder.`, 'Only files inside it are read.'),
  unreadable: (folder: string, path: string, error: unknown) =>
    problem(`${path} in ${folder} cannot be read: ${errorText(error)}.`, 'Check its permissions.'),
};

function problem(message: string, hint: string): BotError {
  return new BotError('run-file', message, hint);
}
