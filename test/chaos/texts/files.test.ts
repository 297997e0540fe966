import { it } from 'vitest';
import { exportExperimentLog } from '../../../commands/export.ts';
import { drawingOf } from '../../../src/charts/drawing.ts';
import { liveOf } from '../../../src/charts/live.ts';
import { pictureOf } from '../../../src/charts/picture.ts';
import { widthOf } from '../../../src/core/columns.ts';
import { EXPERIMENT_COLUMNS, type ExperimentRow } from '../../../src/core/experiment.ts';
import { fileName } from '../../../src/core/file-name.ts';
import type { ChartRequest, Series } from '../../../src/core/metrics.ts';
import { legible } from '../../../src/core/unseen.ts';
import { formatExperimentLog, formatTable } from '../../../src/experiments/csv.ts';
import { REPORT_TEXT_MAX, renderReport, reportAdditions } from '../../../src/experiments/report.ts';
import { isRewriting } from '../../../src/experiments/rewriting.ts';
import { parseExperimentLog } from '../../parsing.ts';
import { tryTexts } from './faults.ts';
import { markdownPage } from './markdown-page.ts';
import { words } from './placed.ts';
import { formulasIn } from './spreadsheet.ts';

const NOW = Date.parse('2026-11-23T15:24:04Z');

function row(text: string, more: Partial<ExperimentRow>): ExperimentRow {
  const cells = Object.fromEntries(EXPERIMENT_COLUMNS.map((column) => [column, text]));
  return {
    ...(cells as unknown as ExperimentRow),
    objective_value: '0.5',
    updated_at: '2026-11-23T15:24:04Z',
    ...more,
  };
}

it('the report shows what people wrote as words', async ({ task }) => {
  const attack = 'texts in every column of the report, drawn by an editor and by GitHub';
  await tryTexts(task, { attack, ci: 80 }, (text) => {
    const rows = [
      row(text, { status: 'completed' }),
      row(text, { status: 'failed', result_summary: 'return_code=1' }),
      row(text, { status: 'planned' }),
      row(text, {}),
    ];
    const report = renderReport(rows, {
      title: text,
      maxRows: 25,
      objectiveMode: 'auto',
      now: NOW,
      additions: reportAdditions(rows),
    });
    const { text: shown, drawn } = markdownPage(report);
    const found = drawn.map((kind) => `${kind}: ${shown.slice(0, 300)}`);
    const told = words(beginningOf(text));
    const times = words(shown).split(told).length - 1;
    if (told !== '' && times < 18) found.push(`says: ${times} of 18 times ${shown.slice(0, 300)}`);
    return found;
  });
});

/** So much of a text as the report has of a long one, up to a letter that joins no other. */
function beginningOf(text: string): string {
  return text.length <= REPORT_TEXT_MAX ? text : text.slice(0, REPORT_TEXT_MAX - 1).replace(/[^ -~]*.$/, '');
}

/** What `export` saves of rows that hold a text in every column. */
async function exported(
  text: string,
  options: { format: 'csv' | 'markdown'; spreadsheet?: boolean },
): Promise<string> {
  const rows = [row(text, { experiment_id: 'a' }), row(text, {})];
  const log = rows.map((fields) => ({ fields, extra: {} }));
  let saved = '';
  const services = {
    session: { info: () => ({ name: 'lr', folder: '/', csvPath: '/log.csv', objective: null }) },
    csv: {
      text: () => formatExperimentLog(log),
      *table() {
        return [
          [...EXPERIMENT_COLUMNS],
          ...rows.map((fields) => EXPERIMENT_COLUMNS.map((name) => fields[name])),
        ];
      },
      format: formatTable,
    },
    async saveFile(bytes: Buffer) {
      saved = bytes.toString('utf8');
      return { file: 'x' };
    },
  };
  await exportExperimentLog.run(options as never, { services, reply: { howFar() {} } } as never);
  return saved;
}

it('a spreadsheet runs nothing of an export for it, and what it saves is what was stored', async ({
  task,
}) => {
  const attack = 'texts in every column of the export for spreadsheets, read by one, and read back';
  await tryTexts(task, { attack, ci: 150 }, async (given) => {
    // What a file holds is UTF-8, which has no half pairs.
    const text = given.toWellFormed();
    const csv = await exported(text, { format: 'csv', spreadsheet: true });
    const found = formulasIn(csv).map((cell) => `formula: ${cell.slice(0, 100)}`);
    const { rows, problem } = parseExperimentLog(csv);
    if (problem !== null) return text.includes('\0') ? found : [...found, `broken: ${problem}`];
    const { hypothesis = '' } = rows.at(-1)?.fields ?? {};
    if (!isRewriting(text, hypothesis)) found.push(`says: ${JSON.stringify(hypothesis)}`);
    return found;
  });
});

it('an export as Markdown shows what people wrote as words', async ({ task }) => {
  const attack = 'texts in every column of the export as Markdown, drawn by an editor and by GitHub';
  await tryTexts(task, { attack, ci: 50 }, async (text) => {
    const { text: shown, drawn } = markdownPage(await exported(text, { format: 'markdown' }));
    const found = drawn
      .filter((kind) => kind !== 'html_inline')
      .map((kind) => `${kind}: ${shown.slice(0, 300)}`);
    if (!words(shown.replaceAll('<br>', '')).includes(words(text.replaceAll('<br>', ''))))
      found.push(`says: ${shown.slice(0, 300)}`);
    return found;
  });
});

const SERIES: Series = {
  tag: '',
  steps: Float64Array.of(1, 2),
  values: Float64Array.of(0.5, 0.4),
  wallTimes: Float64Array.of(1, 2),
  length: 2,
};
/** Far more than any label of a chart holds, columns. */
const LABEL_MAX = 130;

it('a chart writes what people wrote in one line that has room', async ({ task }) => {
  const attack = 'texts as titles and labels of charts';
  await tryTexts(task, { attack, ci: 50 }, async (text) => {
    const series = { ...SERIES, tag: text };
    const requests: ChartRequest[] = [
      { kind: 'panels', title: text, subtitle: text, panels: [series, series] },
      { kind: 'curves', title: text, subtitle: text, curves: [{ label: text, series }] },
      {
        kind: 'scoreboard',
        title: text,
        metric: text,
        mode: 'min',
        entries: [{ label: text, status: text, value: 1 }],
      },
    ];
    return requests.flatMap((request) =>
      stringsIn(drawingOf(liveOf(pictureOf(request)))).flatMap((label) => [
        ...(widthOf(label) > LABEL_MAX ? [`broken: ${request.kind} ${label}`] : []),
        ...(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(label)
          ? [`acts: ${request.kind} ${JSON.stringify(label)}`]
          : []),
      ]),
    );
  });
});

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
    ? Object.values(value).flatMap(stringsIn)
    : [];
}

it('a file has a name that every system keeps', async ({ task }) => {
  const attack = 'texts as names of files';
  await tryTexts(task, { attack, ci: 150 }, async (text) => {
    const name = fileName(`${text}.csv`);
    const isBad =
      name === '' ||
      Buffer.byteLength(name) > 255 ||
      !name.endsWith('.csv') ||
      legible(name) !== name ||
      /[/\\:*?"<>|]|^[.\s~-]|[.\s]$|^(con|nul|aux|prn)\./iu.test(name);
    return isBad ? [`name: ${JSON.stringify(name)}`] : [];
  });
});
