import { type APIApplicationCommand, RESTJSONErrorCodes as Codes, Routes } from 'discord-api-types/v10';
import type { KeptValues } from '../../src/core/adapter-ports.ts';
import { pauseAfter } from '../../src/core/backoff.ts';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import type { Log } from '../../src/core/log.ts';
import { type Clock, isoSeconds } from '../../src/core/time.ts';
import { declarations, isDeclared, isOurs, SAVE_AS_NOTE } from './commands.ts';
import { askedMs, declaringProblem } from './setup-problems.ts';
import type { DiscordTimings } from './timings.ts';

/** The name under which the places are kept that have our commands. */
const KEPT = 'declared';
/** The place of commands that are for everybody; every other is a server, by its id. */
const GLOBAL = 'global';
/** The bot is no longer in a server, which has no commands of it then either. */
const AWAY: readonly unknown[] = [Codes.MissingAccess, Codes.UnknownGuild];

type Call = <T>(method: 'GET' | 'PUT' | 'DELETE', path: `/${string}`, body?: unknown) => Promise<T>;

/**
 * Declares the slash commands where they are wanted, and takes them back where they were declared before and no longer
 * are. It fails alone: messages, buttons and what is typed to the bot work without. What failed is tried again with
 * growing pauses, or when Discord says so.
 */
export function createDeclaring(deps: {
  call: Call;
  application: string;
  commands: readonly CommandDeclaration[];
  /** Where they are wanted: everywhere, or in the servers that have a channel of the settings. */
  scope: 'guild' | 'global';
  /** Servers, by id. */
  servers(): { ofChannels: readonly string[]; all: readonly string[] };
  kept: KeptValues;
  clock: Clock;
  log: Log;
  timings: Pick<DiscordTimings, 'declareFirstMs' | 'declareLongestMs'>;
}) {
  const { call, application, scope, kept, clock, log } = deps;
  const backoff = { firstMs: deps.timings.declareFirstMs, longestMs: deps.timings.declareLongestMs };
  const wanted = byName(declarations(deps.commands));
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let failures = 0;
  let stopped = false;
  let problem: { text: string; since: number; cause: string } | undefined;

  const routeOf = (place: string) =>
    place === GLOBAL
      ? Routes.applicationCommands(application)
      : Routes.applicationGuildCommands(application, place);

  async function declare(place: string): Promise<void> {
    const declared = await call<APIApplicationCommand[]>('GET', routeOf(place));
    if (isDeclared(wanted, byName(declared))) return;
    await call('PUT', routeOf(place), wanted);
    log.info({ place }, 'declared the commands to Discord');
  }

  /** Takes ours away, and leaves what somebody else declared for the same app. */
  async function takeBack(place: string): Promise<void> {
    try {
      const declared = await call<APIApplicationCommand[]>('GET', routeOf(place));
      const ours = declared.filter(({ name }) => isOurs(name) || name === SAVE_AS_NOTE);
      for (const { id } of ours) await call('DELETE', `${routeOf(place)}/${id}`);
      if (ours.length > 0) log.info({ place }, 'took the commands back from Discord');
    } catch (error) {
      if (!AWAY.includes((error as { code?: unknown }).code)) throw error;
    }
  }

  async function round(): Promise<void> {
    const { ofChannels, all } = deps.servers();
    const places = scope === 'global' ? [GLOBAL] : ofChannels;
    // Where nothing is kept yet they may stand anywhere. A place is kept before it has any, so that none is forgotten.
    const before = (kept.get(KEPT) ?? [GLOBAL, ...all]) as string[];
    kept.set(KEPT, [...new Set([...before, ...places])]);
    const failed: { place: string; error: unknown }[] = [];
    const each = async (list: readonly string[], deed: (place: string) => Promise<void>) => {
      for (const place of list)
        if (!stopped) await deed(place).catch((error: unknown) => failed.push({ place, error }));
    };
    await each(places, declare);
    // The old ones go when the new ones are there, so that there is always a set.
    if (failed.length === 0) {
      await each(
        before.filter((place) => !places.includes(place)),
        takeBack,
      );
      if (!stopped) kept.set(KEPT, [...places, ...failed.map(({ place }) => place)]);
    }
    if (!stopped) settle(failed);
  }

  function settle(failed: readonly { place: string; error: unknown }[]): void {
    const [first] = failed;
    if (!first) {
      if (problem) log.info({}, 'the commands are declared to Discord now');
      failures = 0;
      problem = undefined;
      return;
    }
    failures += 1;
    const asked = Math.max(...failed.map(({ error }) => askedMs(error)));
    const pause = Math.max(pauseAfter(backoff, failures), asked);
    const where = first.place === GLOBAL ? 'for all servers' : `in the server ${first.place}`;
    const cause = `the slash commands are not up to date ${where}: ${declaringProblem(first.error)}`;
    if (problem?.cause !== cause) log.warn({ place: first.place }, cause);
    problem = {
      cause,
      text: `${cause}. Everything else works; it is tried again at ${isoSeconds(clock() + pause)}`,
      since: problem?.since ?? clock(),
    };
    timer = setTimeout(begin, pause);
  }

  function begin(): Promise<void> {
    clearTimeout(timer);
    running = running.then(() => (stopped ? undefined : round()));
    return running;
  }

  return {
    /** Declares now: at the start, and when the bot has come into a server. Resolves when it was tried; never rejects. */
    begin,
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
    problem: () => problem,
  };
}

export type Declaring = ReturnType<typeof createDeclaring>;

function byName<T extends { name: string }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
