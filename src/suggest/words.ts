import { changesText } from '../core/config-delta.ts';
import type { Suggestion } from '../core/suggestion.ts';
import { spreadText } from '../core/units.ts';
import type { Candidate, Choice, Phase } from './candidates.ts';
import { rowOf, short, TURN_AFTER } from './history.ts';
import type { Base, Placed, Places, Study } from './study.ts';
import { normal } from './surface.ts';
import type { SuggestInput, Trial } from './types.ts';

/** What is less likely than this to be better is run to know the range. */
const MAPS_BELOW = 0.05;
/** Rows that an explanation names. */
const ROWS_NAMED = 3;

/** What is looked at next, and why, where the kind of candidates alone does not say it. */
export interface Stage {
  phase: Phase;
  candidates: Candidate[];
  because: string | null;
}

/** A choice as a suggestion: what it changes, what is expected of it, and by which rows. */
export function explained(
  study: Study,
  base: Base,
  choice: Choice,
  { phase, because }: Stage,
  made: readonly Trial[],
  dismissed: SuggestInput['dismissed'][number] | null,
): Suggestion {
  const { mode } = study.input;
  const { trial } = base.run;
  const of = ({ id, value }: Trial) => `${id} (${short(value!)})`;
  const changes = changesOf(study, base, choice);
  const near = nearest(study.runs, choice.places);
  const { mean, deviation } = choice.expectation;
  const chance = normal((base.run.value - mean) / deviation);
  const isFirst = study.runs.length < 2;
  const isMapping = !isFirst && chance < MAPS_BELOW;
  const about = `about ${spreadText(mode === 'min' ? mean : -mean, deviation)}`;

  /** What it finds out. */
  function found(): string {
    if (isFirst || because !== null) return asks(study, base, choice);
    if (chance >= 0.5) return `does better than ${of(trial)}`;
    return isMapping
      ? `shows how ${changes.map(({ key }) => key).join(' and ')} matters away from ${of(trial)}`
      : `may do better than ${of(trial)}: too little is known there to rule it out`;
  }

  return {
    settings: choice.settings,
    changes,
    parent: trial.id,
    hypothesis: `${changesText(changes)} ${found()}`,
    expected: isFirst
      ? `unknown: ${of(trial)} is the only value so far`
      : `${about}; a chance of ${percent(chance)} to be better than ${trial.id}${isMapping ? ': it only maps the range' : ''}`,
    ...(isMapping ? { isMapping } : {}),
    why: [
      ...turned(study, base, choice, phase),
      `around the best run ${of(trial)}${doubt(study, base)} the nearest rows are ${near
        .map(({ trial: each }) => `${each.id} ${short(each.value!)}`)
        .join(', ')}`,
      ...(base.mended.length > 0 ? [`the preset no longer accepts its ${base.mended.join(', ')}`] : []),
      because !== null
        ? `${because}, so a moderate step there is the most informative`
        : isFirst
          ? 'one value alone does not show where a better one is'
          : `${through(study, made)} expects ${about} here, the most promising of what has not been tried`,
      ...(dismissed ? [`not ${nearWords(dismissed)}, since ${dismissed.by}: ${dismissed.reason}`] : []),
    ].join('; '),
    rows: [
      ...new Set([
        trial.id,
        ...near.map((each) => each.trial.id),
        ...(isTurned(phase, study) ? study.dull.runs.map(({ id }) => id) : []),
      ]),
    ],
  };
}

function percent(chance: number): string {
  return chance < 0.005 ? 'less than 1%' : `${Math.round(chance * 100)}%`;
}

/** Against the best as it was run, its task's own values where they are known. */
function changesOf({ valueAt }: Study, { run }: Base, { settings }: Choice): Suggestion['changes'] {
  return Object.keys({ ...run.trial.settings, ...settings })
    .filter((key) => settings[key] !== run.trial.settings[key])
    .map((key) => ({ key, from: valueAt(run.trial, key) ?? null, to: settings[key] ?? 'unset' }));
}

/** What a moderate step finds out. */
function asks({ axes, runs }: Study, base: Base, { places, changed }: Choice): string {
  const [index] = changed;
  const { key, isCategory, textAt } = axes[index!]!;
  const before = base.places[index!] ?? null;
  if (isCategory || before === null) return `shows what ${key} does compared with ${base.run.trial.id}`;
  const to = places[index!]!;
  const side = Math.sign(to - before);
  const between = runs
    .flatMap((run) => run.places[index!] ?? [])
    .filter((at) => (at - before) * (at - to) < 0);
  const last = between.reduce((most, at) => Math.max(most, side * at), Number.NEGATIVE_INFINITY);
  const than = between.length === 0 ? `in ${base.run.trial.id}` : textAt(side * last);
  return `shows whether ${key} should be ${side > 0 ? 'higher' : 'lower'} than ${than}`;
}

/** Whether it turns away from runs that improved nothing, and says so. */
function isTurned(phase: Phase, { dull }: Study): boolean {
  const isFromOne = phase === 'turn' || phase === 'anything';
  return phase !== 'depth' && dull.runs.length >= (isFromOne ? 1 : TURN_AFTER);
}

function turned(study: Study, base: Base, { changed }: Choice, phase: Phase): string[] {
  const { dull } = study;
  if (!isTurned(phase, study)) return [];
  const runs = dull.runs.length === 1 ? 'the last run' : `the last ${dull.runs.length} runs`;
  // The best may be one of them where the luckier value before it is not believed.
  const isAmong = dull.runs.includes(base.run.trial);
  const back = `${runs} (${rowOf(dull.runs)}) improved nothing, so ${isAmong ? 'on from' : 'back to'} ${base.run.trial.id} and `;
  if (phase === 'other side') return [`${back}the other side of ${study.axes[changed[0]!]!.key}`];
  if (phase !== 'anything') return [`${back}another change`];
  const how =
    changed.length === 1 ? 'one of them again' : changed.length === 2 ? 'two at once' : 'a place far from it';
  return [`${back}since every option was already varied on its own, ${how}`];
}

/** A luckier value than the best's, which is not believed. */
function doubt({ runs }: Study, { run }: Base): string {
  const luckiest = runs.reduce((lowest, each) => (each.value < lowest.value ? each : lowest));
  return luckiest === run
    ? ''
    : ` (${luckiest.trial.id} has ${short(luckiest.trial.value!)}, which the runs near it do not confirm)`;
}

function through({ runs, points, pointsOf }: Study, made: readonly Trial[]): string {
  const failed = points.length - points.filter(({ trial }) => runs.some((run) => run.trial === trial)).length;
  const some =
    pointsOf > points.length ? `${points.length} of the ${pointsOf} runs` : `all ${points.length} runs`;
  const waiting = made.filter(({ status }) => status === 'queued' || status === 'running').length;
  return `a smooth surface through ${some}${failed > 0 ? `, including the ${failed} that failed,` : ''}${waiting > 0 ? ` and the ${waiting} under way` : ''}`;
}

function nearWords({ about, assignments }: SuggestInput['dismissed'][number]): string {
  if (about.length === 0) return 'what was dismissed';
  return about.map((key) => `${key} near ${assignments[key] ?? 'unset'}`).join(' with ');
}

function nearest(runs: readonly Placed[], places: Places): Placed[] {
  const distance = (run: Placed) =>
    run.places.reduce<number>((sum, place, index) => sum + ((place ?? 0.5) - (places[index] ?? 0.5)) ** 2, 0);
  return runs.toSorted((a, b) => distance(a) - distance(b)).slice(0, ROWS_NAMED);
}
