import { type JobKey, jobKeyText, parseJobKey } from '../core/job.ts';
import type { Episode, Mute, WatchRule } from '../core/watch.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

/** What stands where no rule or no job is named. */
const ANY = '';

const jobText = (job: JobKey | null) => (job === null ? ANY : jobKeyText(job));
const jobOf = (text: string) => (text === ANY ? null : (parseJobKey(text) ?? null));

export interface OpenEpisode extends Episode {
  id: number;
}

/** Rules from chat, mutes, and episodes: at most one open episode of a rule and a job. */
export function createWatchStore(db: Db) {
  interface EpisodeRow {
    id: number;
    rule: string;
    job: string;
    since: number;
    words: string;
  }
  const rules = db.prepare<[], { rule: string; added_by: string }>(
    'SELECT rule, added_by FROM watch_rules ORDER BY added_at, name',
  );
  const add = db.prepare(
    'INSERT INTO watch_rules (name, rule, added_by, added_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM watch_rules WHERE name = ?');
  const mute = db.prepare(
    `INSERT INTO watch_mutes (rule, job, until, muted_by) VALUES (?, ?, ?, ?)
     ON CONFLICT (rule, job) DO UPDATE SET until = excluded.until, muted_by = excluded.muted_by`,
  );
  const unmute = db.prepare('DELETE FROM watch_mutes WHERE rule = ? AND job = ? AND until > ?');
  const mutes = db.prepare<[number], { rule: string; job: string; until: number; muted_by: string }>(
    'SELECT * FROM watch_mutes WHERE until > ? ORDER BY until',
  );
  const open = db.prepare<[], EpisodeRow>(
    'SELECT id, rule, job, since, words FROM watch_episodes WHERE over_at IS NULL ORDER BY +id',
  );
  const begin = db.prepare(
    `INSERT INTO watch_episodes (id, rule, job, since, words) VALUES (${nextNumber('watch_episodes')}, ?, ?, ?, ?)`,
  );
  const end = db.prepare('UPDATE watch_episodes SET over_at = ? WHERE id = ?');

  return {
    transaction: <T>(work: () => T): T => db.transaction(work)(),
    rules: (): { rule: WatchRule; by: string }[] =>
      rules.all().map((row) => ({ rule: JSON.parse(row.rule) as WatchRule, by: row.added_by })),
    /** False when the name is taken. */
    add: (rule: WatchRule, by: string, at: number): boolean =>
      add.run(rule.name, JSON.stringify(rule), by, at).changes > 0,
    /** Whether there was one. */
    remove: (name: string): boolean => remove.run(name).changes > 0,
    mute: ({ rule, job, until, by }: Mute): void => void mute.run(rule ?? ANY, jobText(job), until, by),
    /** Whether there was one that still held. */
    unmute: (rule: string | null, job: JobKey | null, now: number): boolean =>
      unmute.run(rule ?? ANY, jobText(job), now).changes > 0,
    mutes: (now: number): Mute[] =>
      mutes.all(now).map((row) => ({
        rule: row.rule === ANY ? null : row.rule,
        job: jobOf(row.job),
        until: row.until,
        by: row.muted_by,
      })),
    open: (): OpenEpisode[] => open.all().map((row) => ({ ...row, job: jobOf(row.job) })),
    /** Its number. */
    begin: ({ rule, job, since, words }: Episode): number =>
      Number(begin.run(rule, jobText(job), since, words).lastInsertRowid),
    end: (id: number, at: number): void => void end.run(at, id),
  };
}

export type WatchStore = ReturnType<typeof createWatchStore>;
