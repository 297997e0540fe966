import type { Words, WordsKind } from '../core/services/words.ts';
import type { Db } from './db.ts';
import { textIn } from './experiment-rows.ts';
import { createPastChat } from './past-chat.ts';

/** What stands in the place of words that were taken out. */
export const REMOVED = '[removed at their request]';
/** Shorter texts are not looked for in what the bot said: they may stand there for any reason. */
const QUOTED_MIN = 12;

/** Of whom: all ids and accounts that somebody is written as, and their names. */
export interface Writer {
  persons: readonly string[];
  names: readonly string[];
}

interface Found {
  of: string | number;
  at: number | null;
  text: string | null;
}

/** Where a person's words stand outside the experiments, and how they are taken out there. */
const PLACES: readonly { kind: WordsKind; find: string; remove: string }[] = [
  {
    kind: 'launch',
    find: `SELECT id AS of, started_at AS at, trim(coalesce(hypothesis, '') || char(10) || coalesce(expected, ''), char(10)) AS text
           FROM launches WHERE person IN (SELECT value FROM json_each(@persons))`,
    remove: `UPDATE launches SET hypothesis = CASE WHEN hypothesis <> '' THEN @mark END, expected = CASE WHEN expected <> '' THEN @mark END
             WHERE person IN (SELECT value FROM json_each(@persons))`,
  },
  {
    kind: 'plan',
    find: `SELECT experiment_id AS of, planned_at AS at, expected AS text FROM plans WHERE planned_by IN (SELECT value FROM json_each(@persons))`,
    remove: `UPDATE plans SET expected = @mark WHERE expected <> '' AND planned_by IN (SELECT value FROM json_each(@persons))`,
  },
  {
    kind: 'dismissal',
    find: `SELECT id AS of, at, reason AS text FROM put_off WHERE by IN (SELECT value FROM json_each(@names))`,
    remove: `UPDATE put_off SET reason = @mark WHERE by IN (SELECT value FROM json_each(@names))`,
  },
  {
    kind: 'proposal',
    find: `SELECT id AS of, decided_at AS at, reason AS text FROM proposals WHERE decided_by IN (SELECT value FROM json_each(@persons))
           UNION ALL SELECT id, proposed_at, options FROM proposals
           WHERE agent IN (SELECT value FROM json_each(@persons)) AND state NOT IN ('waiting', 'running') AND options <> @nothing`,
    remove: `UPDATE proposals SET
               reason = CASE WHEN reason <> '' AND decided_by IN (SELECT value FROM json_each(@persons)) THEN @mark ELSE reason END,
               options = CASE WHEN agent IN (SELECT value FROM json_each(@persons)) THEN @nothing ELSE options END,
               details = CASE WHEN agent IN (SELECT value FROM json_each(@persons)) THEN '[]' ELSE details END,
               question = CASE WHEN agent IN (SELECT value FROM json_each(@persons)) THEN NULL ELSE question END
             WHERE state NOT IN ('waiting', 'running')
               AND (agent IN (SELECT value FROM json_each(@persons)) OR decided_by IN (SELECT value FROM json_each(@persons)))`,
  },
  {
    kind: 'chat',
    find: `SELECT id AS of, created_at AS at, body AS text FROM web_messages
           WHERE person IN (SELECT value FROM json_each(@persons)) AND body <> @body`,
    remove: `UPDATE web_messages SET body = @body WHERE person IN (SELECT value FROM json_each(@persons))`,
  },
];

/** What people wrote, by who wrote it. */
export function createWordsStore(db: Db) {
  const notes = db.prepare<[string], Found>(
    `SELECT id AS of, at, text FROM notes WHERE state = 'kept' AND person IN (SELECT value FROM json_each(?)) ORDER BY id`,
  );
  const rows = db.prepare<[string], { id: number; session: number; experiment_id: string }>(
    `SELECT id, session, experiment_id FROM experiments
     WHERE replaced = 0 AND ${textIn('owner')} IN (SELECT value FROM json_each(?)) ORDER BY id`,
  );
  const scrub = db.prepare(
    'UPDATE experiment_versions SET fields = replace(fields, ?, ?) WHERE experiment = ?',
  );
  const past = createPastChat(db);
  const quoted = db.prepare('UPDATE web_messages SET body = replace(body, ?, ?) WHERE instr(body, ?) > 0');
  const forgetPresses = db.prepare(
    `UPDATE presses SET outcome = '' WHERE person IN (SELECT value FROM json_each(?))`,
  );
  const places = PLACES.map(({ kind, find, remove }) => ({
    kind,
    find: db.prepare<unknown[], Found>(find),
    remove: db.prepare(remove),
  }));
  const given = ({ persons, names }: Writer) => ({
    persons: JSON.stringify(persons),
    names: JSON.stringify(names),
    mark: REMOVED,
    nothing: '{"named":{},"assignments":{}}',
    body: JSON.stringify({ blocks: [{ kind: 'text', text: REMOVED }] }),
  });
  /** Those of the values that a statement names. */
  const bound = (sql: string, values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`@${name}`)));
  const isThere = ({ text }: Found) => text !== null && text !== '' && text !== REMOVED;

  return {
    notes: ({ persons }: Writer) =>
      notes.all(JSON.stringify(persons)).map((each) => ({ ...each, text: each.text! })),
    /** Rows of the log that are theirs by its column `owner`. */
    rows: ({ names }: Writer) => rows.all(JSON.stringify(names)),
    /** Everywhere else. */
    elsewhere(writer: Writer): Words[] {
      const values = given(writer);
      const pastChat = past
        .of(values.persons)
        .filter(({ body }) => body !== values.body)
        .map(({ id, created_at, body }): Found => ({ of: id, at: created_at, text: body }));
      return places.flatMap(({ kind, find }) =>
        [...find.all(bound(find.source, values)), ...(kind === 'chat' ? pastChat : [])]
          .filter(isThere)
          .map(({ of, at, text }) => ({ kind, of: String(of), at, text: text! })),
      );
    },
    removeElsewhere(writer: Writer): void {
      const values = given(writer);
      for (const { remove } of places) remove.run(bound(remove.source, values));
      past.replaceOf(values.persons, values.body);
      forgetPresses.run(JSON.stringify(writer.persons));
    },
    /** Takes a text out of the older states of a row of the log. */
    scrub: (row: number, text: string): void => void scrub.run(inJson(text), inJson(REMOVED), row),
    /** Takes texts out of what the bot has said in the web chat. */
    unquote(texts: readonly string[]): void {
      const long = texts.filter((text) => text.length >= QUOTED_MIN).map(inJson);
      for (const text of long) quoted.run(text, inJson(REMOVED), text);
      if (long.length > 0) past.replaceTexts(long, inJson(REMOVED));
    },
    transaction: <T>(work: () => T): T => db.transaction(work).immediate(),
    /** Nothing of what is taken out stays in the file: SQLite writes zeros over it, and its log is emptied. */
    erase(): void {
      db.pragma('wal_checkpoint(TRUNCATE)');
    },
  };
}

export type WordsStore = ReturnType<typeof createWordsStore>;

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
