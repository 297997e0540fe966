import type { Slices } from '../core/slices.ts';
import type { Db } from './db.ts';
import { type After, IN_ORDER, PAGE_AFTER, type Placed, pagesOf } from './experiment-pages.ts';
import { BASE, type RowText, type Session } from './experiment-rows.ts';

/** So many rows are read at once of all that a session has. */
const PAGE = 500;

/** Every row that a session has, replaced ones too, by id. What it says is read when somebody asks for it. */
export interface KnownRows {
  readonly size: number;
  has(id: string): boolean;
  ids(): Iterable<string>;
  /** Whether it stood in the file, and is to stand there. */
  isInFile(id: string): boolean;
  /** Undefined for a row that was not there. */
  text(id: string): RowText | undefined;
}

/** Of a session of which nothing is known. */
export const NOTHING_KNOWN: KnownRows = {
  size: 0,
  has: () => false,
  ids: () => [],
  isInFile: () => false,
  text: () => undefined,
};

/** What a comparison with the file on disk needs of a session's rows, however many there are. */
export function createExperimentTexts(db: Db) {
  const inFile = 'base IS NOT NULL AND replaced = 0';
  const page = db
    .prepare<[number, string, number], [id: string, isInFile: 0 | 1]>(
      `SELECT experiment_id, ${inFile} FROM experiments WHERE session = ? AND experiment_id > ?
       ORDER BY experiment_id LIMIT ?`,
    )
    .raw();
  const text = db.prepare<[number, string], RowText>(
    `SELECT ${BASE} AS base, extra FROM experiments WHERE session = ? AND experiment_id = ?`,
  );
  const idsAfter = db.prepare<After, Placed & { experiment_id: string; isInFile: 0 | 1 }>(
    `SELECT e.position, e.id, e.experiment_id, ${inFile} AS isInFile FROM experiments e WHERE ${PAGE_AFTER} ${IN_ORDER}`,
  );

  return {
    /**
     * The rows as they are now; one that is added later is none of these. `isKept`: what they say is as it is now, too,
     * whatever is done to them meanwhile, and held in memory for it.
     */
    *known({ id: session }: Session, isKept: boolean): Slices<KnownRows> {
      const found = new Map<string, boolean>();
      const texts = new Map<string, RowText>();
      for (let last: string | undefined = ''; last !== undefined; ) {
        const rows: [string, 0 | 1][] = page.all(session, last, PAGE);
        for (const [id, isInFile] of rows) {
          found.set(id, isInFile === 1);
          if (isKept) texts.set(id, text.get(session, id)!);
        }
        last = rows.at(-1)?.[0];
        yield;
      }
      return {
        size: found.size,
        has: (id) => found.has(id),
        ids: () => found.keys(),
        isInFile: (id) => found.get(id) === true,
        text: (id) => texts.get(id) ?? (found.has(id) ? text.get(session, id) : undefined),
      };
    },
    /** Ids of the rows that stood in the file, in its order. */
    *idsInFile(session: Session): Slices<string[]> {
      const ids: string[] = [];
      for (const rows of pagesOf(idsAfter, session)) {
        for (const { experiment_id, isInFile } of rows) if (isInFile) ids.push(experiment_id);
        yield;
      }
      return ids;
    },
  };
}
