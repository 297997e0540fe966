import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inLine, say } from '../../adapters/terminal/screen.ts';
import { isAboutTheExperiment, isSeed } from '../core/config-delta.ts';
import { counted } from '../core/counted.ts';
import { BotError } from '../core/errors.ts';
import { maskData } from '../core/masked.ts';
import type { Progress, RunSeries, RunSettings, Series } from '../core/metrics.ts';
import { maskSecrets } from '../core/secrets.ts';
import { directionOf, judgedBy, latest } from '../core/series.ts';
import { countText, numberText } from '../core/units.ts';
import { readRaw } from '../metrics/raw.ts';
import { createRunReader } from '../metrics/run-reader.ts';
import { createRunFiles } from '../queue/run-files.ts';
import type { Place } from './place.ts';
import type { Given } from './subcommand.ts';

/** Of very many only the first are printed; --json has all. */
const SERIES_SHOWN = 60;
const SETTINGS_SHOWN = 20;
/** Curves that are named beside the objective. */
const ALIKE_SHOWN = 5;
/** Settings that are named of those that differ. */
const DIFFERING_SHOWN = 8;

/** What the bot makes of a folder. */
export interface RunReport {
  folder: string;
  files: readonly { path: string; format: string }[];
  series: readonly SeriesReport[];
  /** Counters, clocks, placeholders and totals, of which no curve is drawn. */
  beside: readonly SeriesReport[];
  settings: RunSettings;
  progress: Progress | null;
  objective: {
    tag: string;
    mode: 'min' | 'max' | null;
    because: string;
    /** Other curves of which that is as true. */
    alike: readonly string[];
  } | null;
  doubts: readonly string[];
}

interface SeriesReport {
  tag: string;
  points: number;
  /** What is counted: `step`, `epoch`; null where the file does not say. */
  counts: string | null;
  first: readonly [step: number, value: number];
  last: readonly [step: number, value: number];
  /** Which file has the last point. */
  file: string | null;
}

/** `xaxbot run FOLDER [--raw] [--json]`: what the bot reads there, whatever wrote it. Resolves to the exit code. */
export async function runFolder(
  { cwd, clock = Date.now }: Place & { clock?: () => number },
  { words: [name], flags }: Given,
): Promise<number> {
  const folder = resolve(cwd, name!);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new BotError(
      'no-folder',
      `${folder} is no folder.`,
      'Name the one that the training writes to.',
      'FOLDER',
    );
  const files = createRunFiles(folder);
  if (flags.raw) {
    const raw = shown(await readRaw(files));
    say(flags.json ? asJson({ folder, ...raw }) : rawText(raw));
    return raw.series.length > 0 ? 0 : 1;
  }
  const reader = createRunReader(files);
  const run = await reader.read();
  const report = shown(reportOf(folder, run, await reader.settings(), await reader.progress(null, clock())));
  say(flags.json ? asJson(report) : textOf(report));
  return report.series.length > 0 ? 0 : 1;
}

/** Without secrets, and without line ends in names. */
function shown<T>(report: T): T {
  return maskData(report, (text) => inLine(maskSecrets(text))) as T;
}

function reportOf(
  folder: string,
  run: RunSeries,
  settings: RunSettings,
  progress: Progress | null,
): RunReport {
  const { series, sources } = run;
  const judged = judgedBy(series);
  const report = (each: Series): SeriesReport => ({
    tag: each.tag,
    points: each.length,
    counts: sources?.stepNameOf(each.tag) ?? null,
    first: [each.steps[0]!, each.values[0]!],
    last: [latest(each)!.step, latest(each)!.value],
    file: sources?.fileOf(each.tag) ?? null,
  });
  return {
    folder,
    files: sources?.files ?? [],
    series: series.filter(({ length }) => length > 0).map(report),
    beside: (sources?.beside ?? []).map(report),
    settings,
    progress,
    objective: judged
      ? {
          tag: judged.series.tag,
          mode: directionOf(judged.series.tag, null),
          because: judged.rule ?? 'its loss',
          alike: judged.alike,
        }
      : null,
    doubts: doubtsOf(run, settings),
  };
}

function doubtsOf(
  { sources, corruptRecords, tagsKept, absence }: RunSeries,
  { differing = [] }: RunSettings,
): string[] {
  const doubts = (sources?.unread ?? []).map(({ path, why }) => `${path} ${why}.`);
  if (absence === 'files') doubts.unshift('There is no file of metrics here that is understood.');
  if (absence === 'scalars')
    doubts.unshift(
      doubts.length > 0 || corruptRecords > 0
        ? 'Nothing of the files of metrics could be read.'
        : 'The files of metrics hold no values yet: some writers keep them back for two minutes.',
    );
  const attempts = sources?.attempts ?? [];
  if (attempts.length > 0)
    doubts.push(
      `${attempts.join(', ')} are taken for attempts at one training, the later ones in the place of what the earlier ones logged from the same step on.`,
    );
  const apart = differing.filter((key) => isAboutTheExperiment(key) && !isSeed(key));
  if (apart.length > 0)
    doubts.push(
      `${attempts.length > 0 ? 'These attempts' : 'Its parts'} were started with different settings (${someOf(apart, DIFFERING_SHOWN).join(', ')}): if they are runs of their own, name the folder of one.`,
    );
  if (corruptRecords > 0) doubts.push(`${counted(corruptRecords, 'damaged record')} left out.`);
  if (tagsKept !== null)
    doubts.push(`It has more metrics than are kept; the first ${countText(tagsKept)} are.`);
  return doubts;
}

function textOf(report: RunReport): string {
  const { folder, files, series, beside, settings, progress, objective, doubts } = report;
  const parts = [folder];
  if (files.length > 0) {
    const formats = Map.groupBy(files, ({ format }) => format);
    const list = [...formats].map(([format, own]) =>
      own.length === 1 ? `${own[0]!.path} (${format})` : `${own.length} × ${format}`,
    );
    parts.push(`Files: ${list.join(', ')}`);
  }
  parts.push(progressText(progress));
  if (objective) parts.push(objectiveText(objective));
  parts.push(seriesText('Curves', series), seriesText('Beside them', beside), settingsText(settings));
  if (doubts.length > 0) parts.push(`To know:\n${doubts.map((doubt) => `  ${doubt}`).join('\n')}`);
  return parts.filter((part) => part !== '').join('\n\n');
}

function objectiveText({ tag, mode, because, alike }: NonNullable<RunReport['objective']>): string {
  const better = mode === null ? '' : mode === 'min' ? ' (less is better)' : ' (more is better)';
  const others = someOf(alike, ALIKE_SHOWN);
  return [
    `Objective: ${tag}${better}, by ${because}`,
    ...(others.length > 0 ? [`  That is as true of ${others.join(', ')}.`] : []),
    `  What a session declares goes before it: xaxbot session change metric=TAG`,
  ].join('\n');
}

/** The first so many, and how many more there are. */
function someOf(all: readonly string[], most: number): string[] {
  const more = all.length - most;
  return [...all.slice(0, most), ...(more > 0 ? [`${more} more`] : [])];
}

function progressText(progress: Progress | null): string {
  if (!progress) return '';
  const { step, maxSteps, unit = 'step' } = progress;
  const total = maxSteps === null ? ', of a total that nothing here tells' : ` of ${countText(maxSteps)}`;
  return `Progress: ${unit} ${countText(step)}${total}`;
}

function seriesText(title: string, series: readonly SeriesReport[]): string {
  if (series.length === 0) return '';
  const rows = series
    .slice(0, SERIES_SHOWN)
    .map(({ tag, points, counts, last: [step, value] }) => [
      tag,
      counted(points, 'point'),
      `${numberText(value)} at ${counts ?? 'step'} ${countText(step)}`,
    ]);
  const widths = [0, 1].map((place) => Math.max(...rows.map((row) => row[place]!.length)));
  const lines = rows.map(
    ([tag, points, last]) => `  ${tag!.padEnd(widths[0]!)}  ${points!.padStart(widths[1]!)}  ${last}`,
  );
  const more = series.length - rows.length;
  return [`${title}:`, ...lines, ...(more > 0 ? [`  and ${more} more: --json has all`] : [])].join('\n');
}

function settingsText({ settings, problem, from = [] }: RunSettings): string {
  const all = Object.entries(settings);
  if (all.length === 0)
    return `Settings: none; ${problem ?? 'there is none that is the same in all its parts'}`;
  const shown = all.slice(0, SETTINGS_SHOWN).map(([name, value]) => `  ${name}: ${value}`);
  const more = all.length - shown.length;
  const where =
    from.length === 0
      ? ''
      : `, from ${from.length > 3 ? `${from.slice(0, 3).join(', ')} and ${from.length - 3} more` : from.join(', ')}`;
  return [
    `Settings: ${all.length}${where}`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more: --json has all`] : []),
  ].join('\n');
}

function rawText({ series, unread }: Awaited<ReturnType<typeof readRaw>>): string {
  const lines = series.map(
    ({ file, tag, points, first, last }) =>
      `${file}  ${tag}  ${counted(points, 'point')}  ${countText(first[0])}: ${numberText(first[1])} … ${countText(last[0])}: ${numberText(last[1])}`,
  );
  return [
    ...(lines.length > 0 ? lines : ['No file of metrics that is understood.']),
    ...unread.map(({ path, why }) => `${path} ${why}`),
  ].join('\n');
}

/** NaN and infinity as JSON has no numbers for them: `"nan"`, `"inf"`. */
function asJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, each: unknown) =>
      typeof each !== 'number' || Number.isFinite(each)
        ? each
        : Number.isNaN(each)
          ? 'nan'
          : each > 0
            ? 'inf'
            : '-inf',
    2,
  );
}
