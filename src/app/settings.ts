import { statSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { type Differences, differences } from '../config/differences.ts';
import { type LiveConfig, liveOf } from '../config/live.ts';
import { NOTHING_STARTED } from '../config/mistakes.ts';
import { counted } from '../core/counted.ts';
import { BotError, errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Mask } from '../core/masked.ts';
import type { HealthItem } from '../core/services/health.ts';
import { type Clock, isoSeconds } from '../core/time.ts';

/** The settings as time goes by. */
export interface Settings {
  now(): LiveConfig;
  health(): HealthItem;
}

/** What became of settings that were changed. */
export type SettingsNews =
  | { kind: 'taken'; before: LiveConfig; changes: Differences }
  /** They cannot be used, and those before hold. */
  | { kind: 'refused'; problem: string };

/** The settings of a start, for good. */
export function unchanging(config: Config): Settings {
  const live = liveOf(config);
  return { now: () => live, health: () => ({ name: 'settings', ok: true, detail: source(config) }) };
}

/**
 * The settings that a bot was started with, until `look` finds that others are said: those are taken in whole, or not at all.
 * `load` reads them, and throws what is wrong; `onNews` hears once what was taken, and once what cannot be used.
 */
export function createSettings(deps: {
  first: Config;
  load(): Config;
  onNews(news: SettingsNews): void;
  mask: Mask;
  clock: Clock;
  log: Log;
}): Settings & { look(): void } {
  const { first, clock, log } = deps;
  let current = first;
  let live = liveOf(first);
  let problem: { words: string; since: number } | undefined;
  let takenAt: number | undefined;

  function refuse(error: unknown): void {
    const isStart = error instanceof BotError && error.hint === NOTHING_STARTED;
    const words = deps.mask(isStart ? error.message : errorText(error));
    if (problem?.words === words) return;
    problem = { words, since: clock() };
    log.error({ problem: words }, 'the settings were changed and cannot be used: those before hold');
    deps.onNews({ kind: 'refused', problem: words });
  }

  function take(next: Config): void {
    const changes = differences(current.statements, next.statements);
    const before = live;
    if (problem) log.info({}, 'the settings can be used again');
    problem = undefined;
    if (changes.live.length + changes.fixed.length === 0) return;
    current = next;
    live = liveOf(next);
    takenAt = clock();
    log.info({ ...changes }, 'the settings were changed');
    deps.onNews({ kind: 'taken', before, changes });
  }

  return {
    now: () => live,
    health() {
      const { fixed } = differences(first.statements, current.statements);
      const name = 'settings';
      if (problem)
        return { name, ok: false, detail: `${problem.words} (since ${isoSeconds(problem.since)})` };
      const since = takenAt === undefined ? '' : `, changed ${isoSeconds(takenAt)}`;
      const waiting = fixed.length === 0 ? '' : `; after a restart: ${fixed.join(', ')}`;
      return { name, ok: true, detail: `${source(current)}${since}${waiting}` };
    },
    look() {
      let next: Config;
      try {
        next = deps.load();
        mustNotBeGone(current, next);
      } catch (error) {
        return refuse(error);
      }
      take(next);
    },
  };
}

/** Somebody who takes it away, or an editor that fails, does not mean everybody's rights to change. Error `config`. */
function mustNotBeGone(before: Config, { configPath }: Config): void {
  if (before.configPath === null) return;
  const size = configPath === null ? 0 : statSync(configPath, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size > 0) return;
  throw new BotError(
    'config',
    `${before.configPath} is gone or empty.`,
    'What it said holds until it is back, or xaxbot is restarted without it.',
  );
}

function source({ configPath, presets, people }: Config): string {
  if (configPath === null) return 'the defaults: there is no xaxbot.yaml';
  return `${configPath}: ${counted(presets.length, 'preset')}, ${counted(people.length, 'person', 'people')}`;
}
