import { dirname, join } from 'node:path';
import { readContent, replaceFile } from '../experiments/disk-file.ts';
import {
  REPORT_NAME,
  REPORT_ROWS,
  REPORT_TITLE,
  renderReport,
  reportAdditions,
} from '../experiments/report.ts';
import { makeTeamFolder } from '../experiments/team-files.ts';
import { parseFlags } from './flags.ts';
import { type Answer, absolute, experimentLogPath, folderOf, type Place } from './place.ts';
import { readExperimentLog } from './read.ts';

/** `report --experiment-name …`: the report of a log on disk. */
export async function writeReport(args: readonly string[], place: Place): Promise<Answer> {
  const flags = parseFlags(args, {
    'log-path': { type: 'string' },
    'output-path': { type: 'string' },
    'experiment-name': { type: 'string' },
    'experiments-dir': { type: 'string' },
    title: { type: 'string', default: REPORT_TITLE },
    'max-rows': { type: 'string', default: String(REPORT_ROWS) },
    'objective-mode': { type: 'string', default: 'auto' },
    plain: { type: 'boolean', default: false },
  });
  const mode = flags['objective-mode'];
  if (mode !== 'auto' && mode !== 'max' && mode !== 'min')
    throw new TypeError(`--objective-mode is "${mode}"; accepted: auto, max or min`);
  const maxRows = Number(flags['max-rows']);
  if (!Number.isInteger(maxRows) || maxRows < 0)
    throw new TypeError(`--max-rows is "${flags['max-rows']}"; accepted: a whole number`);
  const { rows } = await readExperimentLog(await experimentLogPath(flags, place), place.timings);
  const fields = rows.map((row) => row.fields);
  const text = renderReport(fields, {
    title: flags.title,
    maxRows,
    objectiveMode: mode,
    now: place.now,
    additions: flags.plain ? [] : reportAdditions(fields),
  });
  const path =
    flags['output-path'] === undefined
      ? join(folderOf(flags, place), REPORT_NAME)
      : absolute(flags['output-path'], place.cwd);
  await makeTeamFolder(dirname(path));
  const before = await readContent(path);
  const written = await replaceFile(path, before?.bytes, Buffer.from(text));
  await written?.replaced?.close();
  const warnings = written
    ? []
    : ['another program wrote the report at the same moment; its version was kept'];
  return { payload: { report_path: path, rows: rows.length }, warnings };
}
