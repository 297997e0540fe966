import type { Progress, RunSeries, RunSettings, RunSources, Series } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { createGathered, type Gathered } from './gathered.ts';
import { gatheredProgress } from './gathered-progress.ts';
import type { GatheredSeries } from './gathered-series.ts';
import { KINDS } from './kinds.ts';
import { readProgress } from './progress.ts';
import { createRunConfig } from './run-config.ts';
import { createGatheredSettings } from './settings/gathered-settings.ts';
import { createSurvey } from './survey.ts';
import { createTagTable, TAGS_MAX } from './tag-table.ts';
import { totalsOf } from './totals.ts';
import { createXaxRun } from './xax-run.ts';

export interface RunReader {
  /** Every scalar of the run so far; reads only what is new. Errors as of its files. */
  read(): Promise<RunSeries>;
  /** What the last reading found, for what counts points: of xax's metrics log only what the event files will have or should have had. */
  paced(): Promise<Series[]>;
  /** What the last reading found that does not depend on when it was first read. */
  steady(): Promise<Series[]>;
  /** What it was started with, by what the last reading found; reads before if there was none. */
  settings(): Promise<RunSettings>;
  /**
   * How far it is by the same; null before its first step. Epoch milliseconds; null where nobody knows when it began. `given`: what is
   * known of its settings besides.
   */
  progress(
    startedAt: number | null,
    now: number,
    given?: Readonly<Record<string, string>>,
  ): Promise<Progress | null>;
}

/**
 * Reads a run as it grows: where its folder has metrics as xax lays them out, those; else what any stack left there. `since`: when
 * it began, epoch milliseconds, where its files may hold runs of before.
 */
export function createRunReader(files: RunFiles, since?: number): RunReader {
  const survey = createSurvey(files, KINDS);
  const tags = createTagTable(TAGS_MAX);
  const xax = createXaxRun(files);
  const xaxConfig = createRunConfig(files);
  const gathered = createGathered(files, survey, tags, since);
  const gatheredSettings = createGatheredSettings(files, gathered);
  let found: RunSeries | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: a reading goes on where the one before was. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const own = last.then(work, work);
    last = own.catch(() => {});
    return own;
  }

  async function read(): Promise<RunSeries> {
    const own = await xax.read();
    const isOwn = own.writtenAt !== null || own.absence === 'folder';
    found = isOwn ? own : withSources(own, await gathered.read(), tags.isFull());
    return found;
  }

  async function settings(): Promise<RunSettings> {
    // Of metrics that cannot be read the settings may be told all the same.
    const run = found ?? (await read().catch(() => null));
    const own = run?.sources ? null : await xaxConfig.read();
    if (own?.problem === null || run === null || run.absence === 'folder') return own ?? xaxConfig.read();
    const others = await gatheredSettings.read();
    return others.problem === null || !own ? others : own;
  }

  async function progress(
    startedAt: number | null,
    now: number,
    given: Readonly<Record<string, string>> = {},
  ): Promise<Progress | null> {
    const totals = totalsOf({ ...given, ...(await settings()).settings });
    const whole = found?.sources ? gathered.last() : null;
    return whole
      ? gatheredProgress(whole, totals, startedAt, now)
      : readProgress(files, totals.steps, now, found);
  }

  return {
    read: () => inTurn(read),
    paced: async () => (found?.sources ? [...found.series] : xax.paced()),
    steady: async () => (found?.sources ? [...found.series] : xax.steady()),
    settings: () => inTurn(settings),
    progress: (startedAt, now, given) => inTurn(() => progress(startedAt, now, given)),
  };
}

/** What all of its files tell, in place of xax's reading of a folder that has nothing of its own. */
function withSources(none: RunSeries, gathered: Gathered, isFull: boolean): RunSeries {
  const { curves, others, files, unread, attempts, damaged, writtenAt } = gathered;
  if (files.length === 0 && unread.length === 0) return none;
  const sources: RunSources = {
    files: files.map(({ path, kind }) => ({ path, format: kind.name })),
    ...{ unread, attempts: attempts.length > 1 ? attempts : [] },
    beside: [...others.values()].map(counting),
    stepNameOf: (tag) => (curves.get(tag) ?? others.get(tag))?.stepName ?? undefined,
    fileOf: (tag) => (curves.get(tag) ?? others.get(tag))?.file,
  };
  const series = [...curves.values()].map(counting);
  return {
    series,
    corruptRecords: damaged,
    writtenAt,
    absence: series.length > 0 ? null : files.length > 0 ? 'scalars' : 'files',
    tagsKept: isFull ? TAGS_MAX : null,
    sources,
  };
}

/** Keras says what it counts in its tags alone (TensorBoard callback of 3.15). */
const BY_EPOCH = /(^|\/)epoch_/;

/** A series with what its steps count, by the file's own word for them. */
function counting({ series, stepName }: GatheredSeries): Series {
  const word = stepName?.toLowerCase() ?? (BY_EPOCH.test(series.tag) ? 'epoch' : '');
  const counts = word.includes('epoch') ? 'epoch' : word.includes('iter') ? 'iteration' : undefined;
  return counts ? { ...series, counts } : series;
}
