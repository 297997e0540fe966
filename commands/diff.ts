import { defineCommand } from '../src/core/command.ts';
import type { ConfigChange } from '../src/core/config-delta.ts';
import { BotError } from '../src/core/errors.ts';
import { jobName } from '../src/core/job.ts';
import type { Block, Text } from '../src/core/message.ts';
import type { CodeDiff } from '../src/core/services/runs.ts';

const FILES_SHOWN = 15;
const CHANGES_SHOWN = 30;

export const diff = defineCommand({
  name: 'diff',
  group: 'Runs',
  summary: 'How settings and code differ between two runs, with the patch as a file',
  examples: ['diff 9', 'diff 7 9'],
  options: {
    job: {
      type: 'job',
      required: true,
      last: 'began',
      description: 'the run to compare; of two, the earlier one',
    },
    to: {
      type: 'job',
      last: 'began',
      description: 'the later run (default: the first is compared with its parent or the best)',
    },
  },
  services: ['runs', 'saveFile'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  working: 'Comparing the runs',
  async run({ job, to }, { services }) {
    const [before, after] = to ? [job, to] : [services.runs.references(job)[0]?.job, job];
    if (!before) {
      throw new BotError(
        'nothing-to-compare',
        `${jobName(job)} has no parent, and there is no best run of the same task.`,
        'Name a second job: "diff 7 9".',
      );
    }
    const settings = await services.runs.changesBetween(before, after);
    const code = await services.runs.codeDiff(before, after);
    const bytes = Buffer.from(code?.patch ?? '');
    return {
      jobId: jobName(after),
      against: jobName(before),
      settings,
      files: code?.files ?? null,
      isWhole: code?.isWhole ?? true,
      patch: bytes.length > 0 ? { file: await services.saveFile(bytes, 'diff'), bytes: bytes.length } : null,
    };
  },
  view({ jobId, against, settings, files, isWhole, patch }, { whole }) {
    const blocks: Block[] = [
      { kind: 'text', text: [{ code: jobId }, ' vs ', { code: against }] },
      ...settingsBlocks(settings, whole),
      { kind: 'text', text: codeText(files, whole) },
    ];
    if (files && files.length > 0) {
      blocks.push({
        kind: 'table',
        columns: ['file', 'what', 'lines'],
        rows: files
          .slice(0, whole ? undefined : FILES_SHOWN)
          .map(({ path, kind, added, removed }): Text[] => [
            { code: path },
            kind,
            added === null ? 'not shown' : `+${added} -${removed}`,
          ]),
      });
    }
    if (!isWhole)
      blocks.push({
        kind: 'text',
        text: 'There are too many files to compare; the rest were left out.',
      });
    if (patch)
      blocks.push({
        kind: 'file',
        file: patch.file,
        name: `${against}-to-${jobId}.diff`.replaceAll('/', '-'),
        bytes: patch.bytes,
      });
    return { blocks };
  },
});

function settingsBlocks(delta: { changes: ConfigChange[] } | { unknown: string }, whole = false): Block[] {
  if ('unknown' in delta) return [{ kind: 'text', text: `Settings: unknown; ${delta.unknown}.` }];
  const settings = delta.changes;
  if (settings.length === 0) return [{ kind: 'text', text: 'Settings: the same.' }];
  const rows = settings
    .slice(0, whole ? undefined : CHANGES_SHOWN)
    .map(({ key, from, to }): Text[] => [{ code: key }, from ?? 'unset', to ?? 'unset']);
  const more: Block[] =
    !whole && settings.length > CHANGES_SHOWN
      ? [{ kind: 'text', text: `and ${settings.length - CHANGES_SHOWN} more settings` }]
      : [];
  return [{ kind: 'table', columns: ['setting', 'before', 'now'], rows }, ...more];
}

function codeText(files: CodeDiff['files'] | null, whole = false): string {
  if (files === null) return 'Code: unknown; a run has no copy of it.';
  if (files.length === 0) return 'Code: the same.';
  const sum = (of: 'added' | 'removed') => files.reduce((total, each) => total + (each[of] ?? 0), 0);
  const more = !whole && files.length > FILES_SHOWN ? `, the first ${FILES_SHOWN} of them here` : '';
  const what = files.length === 1 ? '1 file differs' : `${files.length} files differ`;
  return `Code: ${what}, +${sum('added')} -${sum('removed')} lines${more}.`;
}
