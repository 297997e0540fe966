import { BotError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Clock } from '../core/time.ts';
import type { KnownRule, WatchesService, WatchRule } from '../core/watch.ts';
import type { WatchStore } from '../store/watches.ts';
import { DEFAULT_RULES } from './default-rules.ts';

/** Rules of the defaults, the settings and chat as one list, and who does not want to hear of which. */
export function createWatches(deps: {
  store: WatchStore;
  settings: { defaults: boolean; rules: readonly WatchRule[] };
  clock: Clock;
}): WatchesService {
  const { store, settings, clock } = deps;

  /** A rule of the settings with the name of a default takes its place. */
  function fixed(): KnownRule[] {
    const named = new Set(settings.rules.map(({ name }) => name));
    const defaults = settings.defaults ? DEFAULT_RULES.filter(({ name }) => !named.has(name)) : [];
    return [
      ...defaults.map((rule): KnownRule => ({ rule, origin: 'default', by: null })),
      ...settings.rules.map((rule): KnownRule => ({ rule, origin: 'settings', by: null })),
    ];
  }

  function rules(): KnownRule[] {
    const known = fixed();
    const taken = new Set(known.map(({ rule }) => rule.name));
    const fromChat = store.rules().filter(({ rule }) => !taken.has(rule.name));
    return [...known, ...fromChat.map(({ rule, by }): KnownRule => ({ rule, origin: 'chat', by }))];
  }

  function mustFind(name: string): KnownRule {
    const known = rules();
    const found = known.find(({ rule }) => rule.name === name);
    if (found) return found;
    const names = known.map(({ rule }) => rule.name);
    throw new BotError(
      'unknown-watch',
      `There is no watch "${name.slice(0, 60)}".`,
      names.length === 0 ? 'There are none.' : `Nearest: ${nearest(name, names, 3).join(', ')}.`,
    );
  }

  return {
    rules,
    add(rule, by) {
      const isTaken = rules().some((known) => known.rule.name === rule.name);
      if (isTaken || !store.add(rule, by, clock()))
        throw new BotError(
          'watch-exists',
          `There is a watch ${rule.name} already.`,
          'Give another with name=…, or remove that one first.',
        );
    },
    remove(name) {
      const { origin } = mustFind(name);
      if (origin !== 'chat')
        throw new BotError(
          'watch-fixed',
          origin === 'default' ? `${name} is watched by default.` : `${name} stands in xaxbot.yaml.`,
          `Mute it with "watch mute ${name}", or change watch: in xaxbot.yaml.`,
        );
      store.remove(name);
    },
    mute(mute) {
      if (mute.rule !== null) mustFind(mute.rule);
      store.mute(mute);
    },
    unmute: (rule, job) => store.unmute(rule, job, clock()),
    mutes: () => store.mutes(clock()),
    firing: () => store.open(),
  };
}
