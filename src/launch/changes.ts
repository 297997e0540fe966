import { changesText, settingChanges } from '../core/config-delta.ts';
import type { Preset } from '../core/preset.ts';
import { canonicalNumber } from '../core/yaml-scalar.ts';

type Assignments = Readonly<Record<string, string>>;

/**
 * `learning_rate 0.01 -> 0.003`: what differs between two launches, in the order of the keys. What `options` declare to
 * be numbers is compared as such: `1e-2` is no change of `0.01`.
 */
export function changesFrom(from: Assignments, to: Assignments, options: Preset['options'] = {}): string {
  const compared = (assignments: Assignments) =>
    Object.fromEntries(
      Object.entries(assignments).map(([key, value]) => {
        const type = Object.hasOwn(options, key) ? options[key]!.type : undefined;
        const number = type === 'number' || type === 'integer' ? canonicalNumber(value) : null;
        return [key, number ?? value];
      }),
    );
  return changesText(settingChanges(from, to, { from: compared(from), to: compared(to) }));
}

/** The settings of a launch that are those which its preset has by default, in any spelling of a number. */
export function usualIn(assignments: Assignments, options: Preset['options']): string[] {
  return Object.entries(assignments).flatMap(([key, value]) => {
    const usual = Object.hasOwn(options, key) ? options[key]!.default : undefined;
    const isUsual = usual !== undefined && changesFrom({ [key]: usual }, { [key]: value }, options) === '';
    return isUsual ? [key] : [];
  });
}

/** Whether two launches have the same settings, as they were typed. */
export function isSameLaunch(a: Assignments, b: Assignments): boolean {
  return settingChanges(a, b).length === 0;
}
