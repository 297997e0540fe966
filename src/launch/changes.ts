import { changesText, settingChanges } from '../core/config-delta.ts';

type Assignments = Readonly<Record<string, string>>;

/** `learning_rate 0.01 -> 0.003`: what differs between two launches, in the order of the keys. */
export function changesFrom(from: Assignments, to: Assignments): string {
  return changesText(settingChanges(from, to));
}

/** Whether two launches have the same settings. */
export function isSameLaunch(a: Assignments, b: Assignments): boolean {
  return settingChanges(a, b).length === 0;
}
