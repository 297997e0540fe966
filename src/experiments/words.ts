import { EXPECTED, type ExperimentRow } from '../core/experiment.ts';
import type { Words, WordsKind, WordsService } from '../core/services/words.ts';
import { REMOVED, type WordsStore, type Writer } from '../store/words.ts';
import { isMachineText } from './from-job.ts';
import type { Experiments } from './service.ts';

/** What of a row a person writes. Its notes are theirs who wrote each. */
const WRITTEN = ['hypothesis', 'result_summary', 'next_action'] as const satisfies (keyof ExperimentRow)[];

/** Exports and removes what a person wrote. The rows of the log stay, and its file follows. */
export function createWordsService(deps: {
  store: WordsStore;
  experiments: Pick<Experiments, 'notes' | 'ofSession' | 'settled'>;
  /** All that somebody is written as. */
  writerOf(person: string): Writer & { id: string; name: string };
}): WordsService {
  const { store, experiments, writerOf } = deps;

  function inRows(writer: Writer) {
    return store.rows(writer).flatMap(({ id, session, experiment_id: experimentId }) => {
      const fields = experiments.ofSession(session).rows.get(experimentId);
      if (!fields) return [];
      const texts = WRITTEN.filter((column) => {
        const text = fields[column];
        return text !== '' && text !== REMOVED && !isMachineText(column, text);
      }).map((column) => ({ column, text: fields[column] }));
      return [{ id, session, experimentId, notes: fields.notes, texts }];
    });
  }

  function of(person: string): Words[] {
    const writer = writerOf(person);
    const notes = store
      .notes(writer)
      .map(({ of: number, at, text }): Words => ({ kind: 'note', of: String(number), at, text }));
    const rows = inRows(writer).flatMap(({ experimentId, texts }) =>
      texts.map(
        ({ column, text }): Words => ({
          kind: 'experiment',
          of: `${experimentId} ${column}`,
          at: null,
          text,
        }),
      ),
    );
    return [...notes, ...rows, ...store.elsewhere(writer)];
  }

  return {
    meant: (person) => {
      const { id, name } = writerOf(person);
      return { id, name };
    },
    of,
    async remove(person) {
      const writer = writerOf(person);
      const words = of(person);
      const counts: Partial<Record<WordsKind, number>> = {};
      for (const { kind } of words) counts[kind] = (counts[kind] ?? 0) + 1;
      for (const { kind, of: number } of words)
        if (kind === 'note') experiments.notes.takeBack(Number(number), 'redacted');
      const older: [row: number, text: string][] = [];
      for (const { id, session, experimentId, texts } of inRows(writer)) {
        const { editor, rows } = experiments.ofSession(session);
        const expected = words.flatMap((each) =>
          each.kind === 'plan' && each.of === experimentId ? [`${EXPECTED}${each.text}`] : [],
        );
        const notes = expected.reduce(
          (text, entry) => text.replace(entry, () => REMOVED),
          rows.get(experimentId)!.notes,
        );
        editor.edit(experimentId, {
          ...Object.fromEntries(texts.map(({ column }) => [column, REMOVED])),
          notes,
        });
        for (const text of [...texts.map((each) => each.text), ...expected]) older.push([id, text]);
      }
      // What the file held last is an older state once it is written anew.
      await experiments.settled();
      store.transaction(() => {
        for (const [row, text] of older) store.scrub(row, text);
        store.removeElsewhere(writer);
        store.unquote(words.filter(({ kind }) => kind !== 'chat').map(({ text }) => text));
      });
      store.erase();
      return counts;
    },
  };
}
