import { LRUCache } from 'lru-cache';
import { type Answer, type Question, RefusedThere } from './connection.ts';
import type { Host } from './host.ts';

/** How long an answer holds for whoever asks the same again, milliseconds: a queue's own files are looked at as often. */
const HOLDS_MS = 250;
/** What nobody asked in so many looks is no longer looked at. */
const UNUSED_LOOKS = 4;
/** What has more names is asked each time: whoever reads it does so when it changed. */
const NAMES_MAX = 100;
/** Folders that are looked at again and again; fewer than are kept there. */
const FOLDERS_MAX = 200;

/** What is asked about a folder again and again, and answered without bytes. */
const AGAIN = new Set(['exists', 'list', 'entries', 'changedAt', 'isLink', 'stat']);
const NO_BYTES = Buffer.alloc(0);

interface Asked {
  question: Question;
  /** Its place among what is looked at there; null: not looked at yet. */
  index: number | null;
  /** As it was told last. */
  told: { ok?: unknown; error?: Record<string, unknown> };
  /** How long it holds, and in which time. */
  until: number;
  age: number;
  /** Looks since somebody asked it. */
  unused: number;
}

interface Folder {
  about: { folder: unknown; like?: unknown };
  /** As it is called there; null: not known there. */
  id: number | null;
  asked: Map<string, Asked>;
  count: number;
  looking: { age: number; done: Promise<void> } | null;
}

/** Whoever asks a host as before, and what was told is out of date from now on. */
export interface Looks {
  /** As of the host, without waiting longer than it does by itself. */
  ask(question: Question): Promise<Answer>;
  outdate(): void;
}

/**
 * Asks a host about its folders. Whoever looks at a folder asks the same things each time, one after the other: what was asked
 * before is asked as one, with the first of it, and only what differs is told.
 */
export function createLooks(host: Pick<Host, 'ask'>): Looks {
  const folders = new LRUCache<string, Folder>({ max: FOLDERS_MAX });
  let age = 0;
  let ids = 0;

  function folderOf(about: Folder['about']): Folder {
    const name = JSON.stringify(about);
    const known = folders.get(name);
    if (known) return known;
    const folder: Folder = { about, id: null, asked: new Map(), count: 0, looking: null };
    folders.set(name, folder);
    return folder;
  }

  /** All that was asked of a folder, at once; whoever asks meanwhile waits for the same. */
  function look(folder: Folder): Promise<void> {
    if (folder.looking?.age === age) return folder.looking.done;
    const before = folder.looking?.done.catch(() => {});
    const looking = {
      age,
      done: Promise.resolve(before)
        .then(() => lookNow(folder))
        .finally(() => {
          if (folder.looking === looking) folder.looking = null;
        }),
    };
    folder.looking = looking;
    return looking.done;
  }

  async function lookNow(folder: Folder): Promise<void> {
    const begun = age;
    const drop: number[] = [];
    for (const [key, each] of folder.asked) {
      each.unused += 1;
      if (each.unused <= UNUSED_LOOKS) continue;
      folder.asked.delete(key);
      if (each.index !== null) drop.push(each.index);
    }
    const told = await tell(folder, drop);
    const byIndex = new Map([...folder.asked.values()].map((each) => [each.index, each]));
    for (const [index, answer] of told) {
      const each = byIndex.get(index);
      if (each) each.told = answer;
    }
    const until = performance.now() + HOLDS_MS;
    for (const each of folder.asked.values())
      if (each.index !== null) Object.assign(each, { until, age: begun });
  }

  async function tell(folder: Folder, drop: readonly number[]): Promise<[number, Asked['told']][]> {
    const isNew = folder.id === null;
    if (isNew) {
      ids += 1;
      Object.assign(folder, { id: ids, count: 0 });
      for (const each of folder.asked.values()) each.index = null;
    }
    const also = [...folder.asked.values()].filter(({ index }) => index === null);
    for (const each of also) {
      each.index = folder.count;
      folder.count += 1;
    }
    try {
      const { ok } = await host.ask({
        ...{ do: 'lookIn', of: folder.id },
        ...(isNew ? folder.about : {}),
        ...(also.length > 0 ? { also: also.map(({ question }) => question) } : {}),
        ...(drop.length > 0 && !isNew ? { drop } : {}),
      });
      return ok as [number, Asked['told']][];
    } catch (error) {
      // What is known there is no longer known here.
      folder.id = null;
      if (isNew || !(error instanceof RefusedThere) || error.code !== 'unknown-folder') throw error;
      return tell(folder, []);
    }
  }

  async function ask(question: Question): Promise<Answer> {
    if (!AGAIN.has(question.do)) return host.ask(question);
    const { folder: path, like, ...own } = question;
    const folder = folderOf({ folder: path, ...(like === undefined ? {} : { like }) });
    const key = JSON.stringify(own);
    const known = folder.asked.get(key);
    if (!known) return askFirst(folder, key, question, own);
    known.unused = 0;
    if (known.age !== age || known.until < performance.now()) await look(folder);
    const { ok, error } = known.told;
    if (error !== undefined) throw new RefusedThere(error);
    return { ok, payload: NO_BYTES };
  }

  async function askFirst(folder: Folder, key: string, question: Question, own: Question): Promise<Answer> {
    const asked = { age, until: performance.now() + HOLDS_MS };
    const answer = await host.ask(question);
    const isLong = Array.isArray(answer.ok) && answer.ok.length > NAMES_MAX;
    if (!isLong && !folder.asked.has(key))
      folder.asked.set(key, { question: own, index: null, told: { ok: answer.ok }, ...asked, unused: 0 });
    return answer;
  }

  return {
    ask,
    outdate() {
      age += 1;
    },
  };
}
