import type { Candidate, Choice } from './candidates.ts';
import { canonical } from './space.ts';
import type { Base, Places, Study } from './study.ts';
import type { SuggestInput } from './types.ts';

/** A dismissal excludes this part of an option's range on both sides. */
const ASIDE = 1 / 8;

export type DismissedWords = SuggestInput['dismissed'][number];

/** A candidate as it would be launched; null where it would be no run of its own. */
export function launchable<Given extends Candidate>(
  study: Study,
  base: Base,
  given: Given,
): (Given & Pick<Choice, 'settings'>) | null {
  const settings = settingsAt(study, base, given.places, given.changed);
  const changed = given.changed.filter((index) => isOther(study, base, settings, index));
  return changed.length === 0 || study.isTaken(settings) ? null : { ...given, changed, settings };
}

/** The best's settings as they were written, but for the options that are varied: nothing changes by being rounded. */
function settingsAt(
  { axes }: Study,
  base: Base,
  places: Places,
  changed: readonly number[],
): Record<string, string> {
  const varied = changed.map((index) => [axes[index]!.key, axes[index]!.textAt(places[index]!)]);
  return { ...base.settings, ...Object.fromEntries(varied) } as Record<string, string>;
}

function isOther(
  { axes, input, valueAt }: Study,
  base: Base,
  settings: Readonly<Record<string, string>>,
  index: number,
): boolean {
  const { key } = axes[index]!;
  const before = base.settings[key] ?? valueAt({ ...base.run.trial, settings: base.settings }, key);
  const option = input.options[key];
  return before === undefined || canonical(option, settings[key]!) !== canonical(option, before);
}

/** The dismissed suggestion that this equals or is near to, in an option it changes. */
export function dismissedNear(
  { axes, input, dismissedAs }: Study,
  base: Base,
  { settings, changed }: Pick<Choice, 'settings' | 'changed'>,
): DismissedWords | undefined {
  const keys = new Set(changed.map((index) => axes[index]!.key));
  const near = input.dismissed.find(({ about, assignments }) => {
    if (about.length === 0 || !about.some((key) => keys.has(key))) return false;
    return about.every((key) => {
      const axis = axes.find((each) => each.key === key);
      const [here, there] = [settings[key] ?? base.settings[key], assignments[key]];
      const [a, b] = [axis?.placeOf(here) ?? null, axis?.placeOf(there) ?? null];
      if (!axis || a === null || b === null) return here === there;
      return axis.isCategory ? a === b : Math.abs(a - b) <= ASIDE;
    });
  });
  return near ?? dismissedAs(settings);
}

/** Whether a candidate can be suggested: it would be a new run, and nobody dismissed it. */
export function isOpen(study: Study, base: Base, candidate: Candidate): boolean {
  const choice = launchable(study, base, candidate);
  return choice !== null && !dismissedNear(study, base, choice);
}
