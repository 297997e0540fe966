import type { Clock } from '../core/time.ts';
import type { Session, SessionStore } from '../store/sessions.ts';
import { defaultSessionName, latestSession, mustBeInside, sessionFolder } from './session.ts';

/**
 * The session to begin with: the one that was used last, else a new one. The settings' name (`wanted`) counts when there
 * is none yet, and once each time that it is another than it was: what people have chosen since is theirs.
 */
export function firstSession(
  store: SessionStore,
  dir: string,
  wanted: string | undefined,
  clock: Clock,
): Session {
  const last = store.last();
  const isKnown = wanted !== undefined && store.all().some(({ name }) => name === wanted);
  const heeded = store.namedBySettings() ?? (isKnown ? wanted : undefined);
  const isNewName = wanted !== undefined && wanted !== heeded;
  const use = (name: string) => {
    const folder = sessionFolder(dir, name);
    mustBeInside(dir, name);
    return store.use(name, folder, clock());
  };
  const first =
    last && !isNewName
      ? store.use(last.name, last.folder, clock())
      : use(wanted ?? latestSession(dir) ?? defaultSessionName(clock()));
  if (wanted !== undefined) store.setNamedBySettings(wanted);
  return first;
}
