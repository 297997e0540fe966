import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Clock } from '../core/time.ts';
import { type KnownRule, ruleProblem, type WatchesService, type WatchRule } from '../core/watch.ts';
import type { WatchStore } from '../store/watches.ts';
import { DEFAULT_RULES } from './default-rules.ts';

/** The rules from the defaults, the settings and chat as one list, and which are muted for whom. */
export function createWatches(deps: {
  store: WatchStore;
  settings(): { defaults: boolean; rules: readonly WatchRule[] };
  clock: Clock;
}): WatchesService {
  const { store, clock } = deps;

  /** Of the defaults, the settings and chat; a namesake of the settings or from chat takes a default's place. */
  function rules(): KnownRule[] {
    const settings = deps.settings();
    const fromSettings = settings.rules.map((rule): KnownRule => ({ rule, origin: 'settings', by: null }));
    const settled = new Set(fromSettings.map(({ rule }) => rule.name));
    const fromChat = store
      .rules()
      .filter(({ rule }) => !settled.has(rule.name))
      .map(({ rule, by }): KnownRule => ({ rule, origin: 'chat', by }));
    const named = new Set([...fromSettings, ...fromChat].map(({ rule }) => rule.name));
    const defaults = (settings.defaults ? DEFAULT_RULES : [])
      .filter(({ name }) => !named.has(name))
      .map((rule): KnownRule => ({ rule, origin: 'default', by: null }));
    return [...defaults, ...fromSettings, ...fromChat];
  }

  function mustFind(name: string): KnownRule {
    const known = rules();
    const found = known.find(({ rule }) => rule.name === name);
    if (found) return found;
    const names = known.map(({ rule }) => rule.name);
    throw new BotError(
      'unknown-watch',
      `There is no watch "${clip(name, 60)}".`,
      names.length === 0 ? 'There are none.' : `Nearest: ${nearest(name, names, 3).join(', ')}.`,
    );
  }

  function mustBeNew(rule: WatchRule): void {
    const problem = ruleProblem(rule);
    if (problem)
      throw new BotError(
        'watch-rule',
        `${problem.setting} ${problem.words}.`,
        'Nothing was changed.',
        problem.setting,
      );
    const isTaken = rules().some(({ rule: { name }, origin }) => name === rule.name && origin !== 'default');
    if (isTaken) throw taken(rule);
  }

  function taken({ name }: WatchRule): BotError {
    return new BotError(
      'watch-exists',
      `There is already a watch named ${name}.`,
      'Choose another with name=…, or remove that one first.',
    );
  }

  function mustBeRemovable(name: string): void {
    const { origin } = mustFind(name);
    if (origin !== 'chat')
      throw new BotError(
        'watch-fixed',
        origin === 'default' ? `${name} is watched by default.` : `${name} is set in xaxbot.yaml.`,
        `Mute it with "watch mute ${name}", tune it with "watch add", or change watch: in xaxbot.yaml.`,
      );
  }

  return {
    rules,
    mustBeNew,
    mustBeKnown: (name) => void mustFind(name),
    mustBeRemovable,
    add(rule, by) {
      mustBeNew(rule);
      if (!store.add(rule, by, clock())) throw taken(rule);
    },
    remove(name) {
      mustBeRemovable(name);
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
