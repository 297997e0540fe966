import type { DismissalsService } from './dismissals.ts';
import type { ExperimentCsv } from './experiment-csv.ts';
import type { NotesService } from './notes.ts';
import type { PlansService } from './plans.ts';
import type { ResultsReader } from './results.ts';
import type { RowEditor } from './row-editor.ts';
import type { RowsReader } from './rows.ts';
import type { SessionReader } from './session-info.ts';
import type { VerdictsReader } from './verdicts.ts';

/** The experiments of a session. Whoever needs a few of these takes \`Pick<ExperimentsService, …>\`. */
export interface ExperimentsService {
  session: SessionReader;
  rows: RowsReader;
  editor: RowEditor;
  plans: PlansService;
  notes: NotesService;
  dismissals: DismissalsService;
  verdicts: VerdictsReader;
  results: ResultsReader;
  csv: ExperimentCsv;
}
