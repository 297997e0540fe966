import { type Inline, inlines, type Text } from './message.ts';
import { assignment } from './quoting.ts';

/** What a run is launched with. */
export interface LaunchedWith {
  assignments: Readonly<Record<string, string>>;
  /** Of those the ones that are as in the preset by default: nobody chose them for this run. */
  usual?: readonly string[];
}

/** What was chosen for a run, and that the rest is as in its preset; null where there is nothing to tell. */
export function chosenText({ assignments, usual = [] }: LaunchedWith): Text | null {
  const all = Object.entries(assignments);
  if (all.length === 0) return null;
  const chosen = all.filter(([key]) => !usual.includes(key)).map(assignment);
  if (chosen.length === 0) return "the preset's defaults";
  const code = { code: chosen.join(' ') };
  return chosen.length === all.length ? code : [code, " and the preset's defaults"];
}

/** A preset with what was chosen for a run of it. */
export function launchText(preset: string, launched: LaunchedWith): Inline[] {
  const chosen = chosenText(launched);
  const isOfNone = typeof chosen === 'string';
  return [{ bold: preset }, ...(chosen === null ? [] : [isOfNone ? ' with ' : ' ', ...inlines(chosen)])];
}
