import type { Config } from './config.ts';

/** What of the settings a running bot takes in. */
export type LiveConfig = Pick<
  Config,
  | 'hostLabel'
  | 'timezone'
  | 'presets'
  | 'people'
  | 'groups'
  | 'hasRoles'
  | 'channels'
  | 'session'
  | 'watch'
  | 'killGraceMs'
  | 'agents'
  | 'links'
  | 'remindAfterMs'
  | 'schedules'
>;

/** What takes a restart. */
export type FixedConfig = Omit<Config, keyof LiveConfig>;
