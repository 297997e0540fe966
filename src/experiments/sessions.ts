import { existsSync, readdirSync } from 'node:fs';
import { BotError } from '../core/errors.ts';
import type { Objective, ObjectiveMode, SessionInfo, SessionSettings, Spent } from '../core/experiment.ts';
import type { AskHowFar } from '../core/how-far.ts';
import type { JobKey } from '../core/job.ts';
import { nearest } from '../core/nearest.ts';
import type { Destination } from '../core/request.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { KnownSession, SessionsService } from '../core/services/sessions.ts';
import type { Clock } from '../core/time.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { Session, SessionStore } from '../store/sessions.ts';
import { defaultSessionName, mustBeInside, sessionFolder, sessionNames } from './session.ts';

/** Sessions by name: those of the database, and those that only stand in their folder because a script made them. */
export function createSessions(deps: {
  store: SessionStore;
  experiments: Pick<ExperimentStore, 'count' | 'firstWithObjective'>;
  /** The folder of all sessions. */
  dir: string;
  clock: Clock;
  infoOf(session: Session): SessionInfo;
  spentOf(session: Session): Spent;
  /** A session is used from now on; resolves when its log was read. */
  opened(session: Session, isCurrent: boolean): Promise<void>;
  current(): number;
  /** How far the reading of a log is; null while none is read. */
  howFar: AskHowFar;
  /** A session's objective was this before it was changed. */
  onObjective(session: string, before: Objective | null): void;
  /** Its settings changed, or it was closed. */
  onChanged(session: string): void;
  experimentsOf(session: number): ExperimentsService;
  inSessionOf(key: JobKey): ExperimentsService;
}): SessionsService {
  const { store, dir, clock, infoOf } = deps;

  const byName = (name: string): Session | undefined => store.byFolder(sessionFolder(dir, name));

  function mustBeKnown(name: string): void {
    const folder = sessionFolder(dir, name);
    mustBeInside(dir, name);
    if (byName(name) || existsSync(folder)) return;
    const names = all().map((each) => each.name);
    throw new BotError(
      'unknown-session',
      `There is no session "${name}".`,
      names.length === 0
        ? 'Create it with "session new".'
        : `Nearest: ${nearest(name, names, 3).join(', ')}.`,
    );
  }

  /** Known to the database from now on. Errors as `mustBeKnown`. */
  function mustFind(name: string): Session {
    mustBeKnown(name);
    return byName(name) ?? store.add(name, sessionFolder(dir, name), clock());
  }

  function mustBeNew(name: string): void {
    sessionFolder(dir, name);
    const same = namesTaken().find((each) => each.toLowerCase() === name.toLowerCase());
    if (same === undefined) return;
    throw new BotError(
      'session-exists',
      `There is already a session ${same}.`,
      `Continue it with "session use ${same}".`,
    );
  }

  function mustBeClosable(name: string): void {
    mustBeKnown(name);
    if (byName(name)?.id !== deps.current()) return;
    throw new BotError(
      'session-current',
      `${name} is the session in use.`,
      'Use or create another first; then this one can be closed.',
    );
  }

  function all(): KnownSession[] {
    const channels = store.channels();
    const known = store.all().map(
      (session): KnownSession => ({
        ...infoOf(session),
        experiments: deps.experiments.count(session),
        isCurrent: session.id === deps.current(),
        channels: channels
          .filter((each) => each.session === session.id)
          .map(({ adapter, channel }) => ({ adapter, channel })),
      }),
    );
    const names = new Set(known.map(({ name }) => name));
    const onDisk = sessionNames(dir).filter((name) => !names.has(name));
    return [
      ...known,
      ...onDisk.map((name): KnownSession => {
        const blank = {
          id: 0,
          name,
          folder: sessionFolder(dir, name),
          settings: {},
          createdAt: 0,
          closedAt: null,
        };
        return { ...infoOf(blank), experiments: null, isCurrent: false, channels: [] };
      }),
    ];
  }

  /** A name that differs from another in small and large letters only would be taken for it, by people and by some disks. */
  function namesTaken(): string[] {
    return [...store.all().map(({ name }) => name), ...(existsSync(dir) ? readdirSync(dir) : [])];
  }

  /** A session that scripts made is after what its rows are, unless somebody has said what it is after. */
  function takeOver({ id, settings }: Session): void {
    if (settings.objective !== undefined || store.namedBySettings() === store.get(id)!.name) return;
    const row = deps.experiments.firstWithObjective({ id });
    if (!row) return;
    const objective = { metric: row.objective_metric, mode: row.objective_mode as ObjectiveMode };
    if (objective.metric !== infoOf(store.get(id)!).objective?.metric)
      store.setSettings(id, { ...settings, objective });
  }

  async function take(session: Session, at: Destination | null): Promise<SessionInfo> {
    if (at) {
      store.reopen(session.id);
      store.setChannel(at.adapter, at.channel, session.id);
    } else store.use(session.name, session.folder, clock());
    await deps.opened(session, at === null);
    takeOver(session);
    return infoOf(store.get(session.id)!);
  }

  return {
    all,
    howFar: deps.howFar,
    mustBeNew,
    mustBeKnown,
    mustBeClosable,
    inSessionOf: deps.inSessionOf,
    experimentsOf(name) {
      const session = store.all().find((each) => each.name === name);
      return session && deps.experimentsOf(session.id);
    },
    spent(name) {
      const session = byName(name);
      return session ? deps.spentOf(session) : null;
    },
    async create(name, settings, at) {
      const wanted = name ?? defaultSessionName(clock());
      mustBeNew(wanted);
      const session = store.add(wanted, sessionFolder(dir, wanted), clock());
      store.setSettings(session.id, settings);
      return take(session, at);
    },
    use: async (name, at) => take(mustFind(name), at),
    async leave(at) {
      store.leave(at.adapter, at.channel);
      return infoOf(store.get(deps.current())!);
    },
    change(name, settings: SessionSettings) {
      const session = mustFind(name);
      const before = infoOf(session).objective;
      store.setSettings(session.id, { ...session.settings, ...settings });
      const info = infoOf(store.get(session.id)!);
      if (JSON.stringify(info.objective) !== JSON.stringify(before)) deps.onObjective(name, before);
      deps.onChanged(info.name);
      return info;
    },
    close(name) {
      mustBeClosable(name);
      const session = mustFind(name);
      store.close(session.id, clock());
      deps.onChanged(session.name);
      return infoOf(store.get(session.id)!);
    },
  };
}
