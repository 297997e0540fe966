import { createSettings, type Settings, type SettingsNews } from '../app/settings.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { secretsAround } from '../config/environment.ts';
import type { Log } from '../core/log.ts';
import { createMask } from '../core/masked.ts';
import { followFiles } from '../files/follow-file.ts';
import type { Place } from './place.ts';

/** The settings, whatever becomes of the bot that they are for, and whoever hears of them while it runs. */
export interface KeptSettings {
  settings: Settings;
  /** Who hears of what changes; one at a time. */
  tell(hear: ((news: SettingsNews) => void) | undefined): void;
  stop(): void;
}

/** Follows the settings' file, and takes SIGHUP as the word to look at all of them. */
export function keepSettings(place: Place, config: Config, log: Log): KeptSettings {
  let hears: ((news: SettingsNews) => void) | undefined;
  const settings = createSettings({
    first: config,
    load: () => loadConfig(place),
    onNews: (news) => hears?.(news),
    mask: createMask([...config.secrets, ...secretsAround(place.env, place.cwd)]),
    clock: Date.now,
    log,
  });
  const onHangup = () => {
    log.info({}, 'SIGHUP: looking at the settings');
    settings.look();
  };
  process.on('SIGHUP', onHangup);
  const following = followFiles(config.configPlaces, settings.look);
  return {
    settings,
    tell(hear) {
      hears = hear;
    },
    stop() {
      following.stop();
      process.off('SIGHUP', onHangup);
    },
  };
}
