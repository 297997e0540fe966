/** What a file system takes for one name (NAME_MAX of Linux), bytes. */
const LONGEST = 255;

/** In words what `isSessionName` accepts. */
export const SESSION_NAMES = `one folder's name, without "/", "\\" or control characters, at most ${LONGEST} bytes`;

/**
 * Whether a name stays in the folder of sessions: whatever the original scripts take for a session, as long as it is
 * one folder right in there. They take away spaces around a name.
 */
export function isSessionName(name: string): boolean {
  const isOneFolder = name !== '' && name !== '.' && name !== '..' && !/[/\\\p{Cc}]/u.test(name);
  return isOneFolder && name === name.trim() && Buffer.byteLength(name) <= LONGEST;
}
