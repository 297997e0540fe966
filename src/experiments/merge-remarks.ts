import type { ExperimentColumn, ExperimentRow } from '../core/experiment.ts';
import type { Slices } from '../core/slices.ts';
import type { Session, StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import { READ_BEFORE_MS } from './ancestors.ts';
import type { DiskRow } from './csv.ts';
import { createParents, doubtsAbout } from './doubts.ts';
import { leftOutText } from './left-out.ts';
import type { NamedRow } from './row-ids.ts';

/** At most this many doubts are reported per file. */
const DOUBTS_SAID = 5;

/** A row that somebody else wrote or changed, and what it was. */
export interface WrittenRow {
  id: string;
  before: ExperimentRow | null;
}

/** A text that an older copy would have put over a newer one: what it is known by, and how it is told. */
export interface OlderText {
  key: string;
  text: string;
}

/** What is told of merging a file: each thing once, however often the same is read. */
export function createMergeRemarks({
  store,
  session,
  now,
  notices,
}: {
  store: Pick<ExperimentStore, 'row' | 'remarks'>;
  session: Session;
  now: number;
  notices: string[];
}) {
  const isNews = (...remark: string[]) => store.remarks.isNew(session, JSON.stringify(remark), now);

  return {
    isNews,

    misshapen({ fields }: StoredRow): void {
      notices.push(
        `${fields.experiment_id} has more cells in the experiment log than the header: an unquoted comma? It was not taken as an edit; its text is kept in the notes.`,
      );
    },

    conflicts({ fields }: StoredRow, found: NamedRow, conflicts: readonly string[]): void {
      const id = fields.experiment_id;
      const texts = conflicts.map(
        (name) => found.fields[name as ExperimentColumn] ?? found.extra[name] ?? '',
      );
      if (conflicts.length === 0 || !isNews('conflict', id, ...conflicts, ...texts)) return;
      const where = found.part
        ? 'has two texts in the experiment log'
        : 'was changed both here and in the experiment log';
      const [stands, other] = found.part ? ['The later', 'the other'] : ["The log's text", 'ours'];
      notices.push(`${id}: ${conflicts.join(', ')} ${where}. ${stands} was kept; ${other} is in the notes.`);
    },

    /** Older text that a copy would have put over newer text, which was kept. */
    putBack(older: readonly OlderText[]): void {
      const news = older.filter(({ key }) => isNews('older', key)).map(({ text }) => text);
      if (news.length === 0) return;
      const more = news.length > DOUBTS_SAID ? ', and more' : '';
      notices.push(
        `An older copy of the experiment log was saved over newer text, which was kept: ${news.slice(0, DOUBTS_SAID).join(', ')}${more}. To use the older text, write it with "experiment edit".`,
      );
    },

    /** Both sides of a merge stood in the file, with these rows. */
    merged(rows: readonly DiskRow[]): void {
      if (!isNews('merge', JSON.stringify(rows))) return;
      notices.push(
        'The experiment log contained a merge conflict of version control. Both sides were merged; where a field has two texts, both are kept.',
      );
    },

    *leftOut(lines: readonly string[]): Slices<void> {
      const news: string[] = [];
      for (const line of lines) {
        if (isNews('left out', line)) news.push(line);
        yield;
      }
      if (news.length > 0) notices.push(leftOutText(news));
    },

    *doubts(written: readonly WrittenRow[]): Slices<void> {
      const fieldsOf = (id: string) => store.row(session, id)?.fields;
      const parents = createParents((id) => fieldsOf(id)?.parent_experiment_id);
      const doubts: string[] = [];
      for (const { id, before } of written) {
        yield;
        for (const doubt of doubtsAbout(fieldsOf(id)!, before, parents))
          if (isNews('doubt', id, doubt)) doubts.push(`${id}: ${doubt}`);
        if (doubts.length > DOUBTS_SAID) break;
      }
      if (doubts.length === 0) return;
      const more = doubts.length > DOUBTS_SAID ? ' And more.' : '';
      notices.push(
        `The experiment log contains values that make no sense; they are kept as they are. ${doubts.slice(0, DOUBTS_SAID).join('. ')}.${more}`,
      );
    },

    /** A row that is only some seconds old was not deleted: a program had read the file before it. */
    *returned(missing: readonly string[]): Slices<void> {
      const deleted: string[] = [];
      for (const id of missing) {
        const created = Date.parse(store.row(session, id)!.fields.created_at);
        if (!(now - created < 2 * READ_BEFORE_MS) && isNews('returned', id)) deleted.push(id);
        yield;
      }
      if (deleted.length === 0) return;
      const what = deleted.length === 1 ? 'A row was' : `${deleted.length} rows were`;
      const names =
        deleted.slice(0, 5).join(', ') + (deleted.length > 5 ? ` and ${deleted.length - 5} more` : '');
      notices.push(
        `${what} deleted from the experiment log and restored: ${names}. Experiments cannot be deleted; mark it superseded instead.`,
      );
    },
  };
}
