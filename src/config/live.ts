import type { Config } from './config.ts';

/** What of the settings a running bot takes in. */
const LIVE = [
  'hostLabel',
  'timezone',
  'presets',
  'people',
  'groups',
  'hasRoles',
  'channels',
  'session',
  'watch',
  'killGraceMs',
  'agents',
  'links',
  'remindAfterMs',
  'schedules',
] as const satisfies readonly (keyof Config)[];

export type LiveConfig = Pick<Config, (typeof LIVE)[number]>;

/** What takes a restart. */
export type FixedConfig = Omit<Config, keyof LiveConfig>;

/** That part of the settings, and nothing else. */
export function liveOf(config: Config): LiveConfig {
  return Object.fromEntries(LIVE.map((key) => [key, config[key]])) as unknown as LiveConfig;
}
