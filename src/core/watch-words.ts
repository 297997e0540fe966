import { durationText } from './time.ts';
import { countText, numberText } from './units.ts';
import { type WatchRule, wholeRule } from './watch.ts';

/** What a rule looks for, as a part of a sentence: `value/loss is above 5 for 10 points`. */
export function ruleWords(rule: WatchRule): string {
  const whole = wholeRule(rule);
  const better = whole.mode === undefined ? '' : ` (${whole.mode === 'min' ? 'lower' : 'higher'} is better)`;
  const only = whole.task === undefined ? '' : `; only jobs of ${whole.task}`;
  return `${conditionWords(whole)}${better}${only}`;
}

/** What holds again when an episode of a rule is over, as a sentence without its full stop. */
export function overWords({ when, tag, value }: WatchRule): string {
  const metric = tag ?? 'the objective or the loss';
  switch (when) {
    case 'nan':
      return tag === undefined ? 'its metrics are finite again' : `${tag} is finite again`;
    case 'above':
    case 'below':
      return `${metric} is no longer ${when} ${value}`;
    case 'diverged':
      return `${metric} has come back towards its usual level`;
    case 'plateau':
      return `${metric} improves again`;
    case 'stalled':
      return 'it logs again';
    case 'slow':
      return 'its step rate is back to normal again';
    case 'gpu-idle':
      return 'the GPUs are no longer idle while hypotheses wait';
    case 'gpu-taken':
      return "no other process uses the queue's GPUs any more";
  }
}

function conditionWords({ when, tag, value, deviations, points = 1, minutes = 0 }: WatchRule): string {
  const metric = tag ?? 'the objective or the loss';
  const long = durationText(minutes * 60_000);
  const lasting = points === 1 ? '' : ` for ${pointsText(points)}`;
  switch (when) {
    case 'nan':
      return `${tag ?? 'any metric'} is NaN or infinite${lasting}`;
    case 'above':
    case 'below':
      return `${metric} is ${when} ${value}${lasting}`;
    case 'diverged': {
      const off =
        deviations === undefined
          ? `${value} times worse than its level`
          : value === undefined
            ? `${deviations} times its spread off its level`
            : `${value} times worse than its level and ${deviations} times its spread off it`;
      return `${metric} is ${off}, in most of ${lastText(points)} and of as many before`;
    }
    case 'plateau':
      return `${metric} has improved less than ${numberText((value ?? 0) * 100)}% in ${lastText(points)}`;
    case 'stalled':
      return `nothing has been logged for ${long}`;
    case 'slow':
      return `its steps take more than ${value} times as long as before`;
    case 'gpu-idle':
      return `all GPUs have been idle for ${long}, nothing is queued, and hypotheses wait`;
    case 'gpu-taken':
      return `a process from outside the queue has used one of its GPUs for ${long}`;
  }
}

function lastText(points: number): string {
  return points === 1 ? 'its last point' : `its last ${pointsText(points)}`;
}

/** `1 point`, `1,000 points`. */
export function pointsText(points: number): string {
  return `${countText(points)} ${points === 1 ? 'point' : 'points'}`;
}
