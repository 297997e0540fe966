import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createColumns } from '../../../src/metrics/columns.ts';
import { settingsIn } from '../../../src/metrics/config-settings.ts';
import { createEventFile } from '../../../src/metrics/event-file.ts';
import { createMetricsLog } from '../../../src/metrics/metrics-log.ts';
import { isShortToParse } from '../../../src/metrics/run-config.ts';
import { settingsInEvents } from '../../../src/metrics/settings/event-settings.ts';
import { settingsInJson } from '../../../src/metrics/settings/json-settings.ts';
import { JSON_LINES, JSON_NAMED } from '../../../src/metrics/sources/json.ts';
import { MLFLOW_FILES } from '../../../src/metrics/sources/mlflow-files.ts';
import type { Format } from '../../../src/metrics/sources/source.ts';
import { TABLE } from '../../../src/metrics/sources/table.ts';
import { TRAINER_STATE } from '../../../src/metrics/sources/trainer-state.ts';
import { WANDB } from '../../../src/metrics/sources/wandb.ts';
import { createTagTable } from '../../../src/metrics/tag-table.ts';
import { encodeFileVersion, encodeScalarEvent, frame } from '../../../src/metrics/tfevents-writer.ts';
import { holding } from '../../metrics/holding.ts';
import { FIXTURES, isSyntax, never, type Parser } from './parser.ts';

const START = 1_795_000_000;
const encodedEvent = (step: number) =>
  encodeScalarEvent({ tag: 'train/loss', step, wallTime: START + step, value: 1 / step });

async function tagsInEvents(bytes: Buffer): Promise<string[]> {
  const file = createEventFile(holding('events', bytes), 'events', {
    tags: createTagTable(2_000),
    storeOf: createColumns,
  });
  await file.read();
  return [...file.columns().keys()];
}

/** Every parser of what a run leaves in its folder, or its stack; `read` resolves to what it found. */
export const RUN_FILE_PARSERS: readonly Parser[] = [
  {
    name: 'config.yaml',
    valid: [readFileSync(join(FIXTURES, 'xax/config.yml'), 'utf8').slice(0, 1_500)],
    most: 4_096,
    // What takes longer is parsed by a process of its own.
    read: (text) => (isShortToParse(text) ? settingsIn(text) : null),
    isRefusal: (error) =>
      error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError),
  },
  {
    name: 'an event file',
    valid: [Buffer.concat([encodeFileVersion(START), ...[1, 2, 3].map(encodedEvent)]).toString('latin1')],
    most: 2 ** 20,
    read: (text) => tagsInEvents(Buffer.from(text, 'latin1')),
    isRefusal: never,
  },
  {
    // A file whose bytes are changed is let go at its checksums.
    name: 'a record of an event file',
    valid: [encodedEvent(1).subarray(12, -4).toString('latin1')],
    most: 262_144,
    read: (text) =>
      tagsInEvents(Buffer.concat([encodeFileVersion(START), frame(Buffer.from(text, 'latin1'))])),
    isRefusal: never,
  },
  {
    name: 'log.jsonl',
    valid: [
      '{"state": {"num_steps": 4, "start_time_s": 1795000000.5, "elapsed_time_s": 2.5}, "train": {"loss": 0.5, "lr": NaN}}\n{"ping": 1}\n',
    ],
    most: 2 ** 20,
    async read(text) {
      const log = createMetricsLog(holding('json/log.jsonl', Buffer.from(text)), () => true);
      await log.read();
      return [...log.points().keys()];
    },
    isRefusal: never,
  },
  ofFormat(
    TABLE,
    'metrics.csv',
    readStack('keras/killed-resumed/training.log'),
    (text) => `step,loss\n1,0.5\n${text}\n2,0.25\n`,
  ),
  ofFormat(
    TABLE,
    'metrics.tsv',
    readStack('dvclive/whole/dvclive/plots/metrics/acc.tsv'),
    (text) => `"${text}"\tstep\tloss\n1\t2\t3\n`,
  ),
  ofFormat(
    JSON_LINES,
    'log.jsonl',
    readStack('stable-baselines3/killed/progress.json'),
    (text) => `{"step": 1, "loss": ${JSON.stringify(text)}}\n`,
  ),
  ofFormat(
    TRAINER_STATE,
    'checkpoint-20/trainer_state.json',
    readStack('transformers/whole/checkpoint-20/trainer_state.json'),
    (text) => `{"max_steps": 60, "log_history": [{"step": 1, "loss": 0.5, "x": ${JSON.stringify(text)}}]}`,
  ),
  ofFormat(
    JSON_NAMED,
    'history.json',
    '{"args": {"lr": 0.1}, "history": [{"epoch": 1, "train": {"loss": 0.5}}, {"epoch": 2, "train": {"loss": NaN}}], "lr": {"0": 1, "1": 0.5}, "val": {"loss": [1, null]}}',
    (text) => `[{"epoch": 1, ${JSON.stringify(text)}: ${JSON.stringify(text)}, "loss": 1}]`,
  ),
  ofFormat(JSON_NAMED, 'metrics.json', sacredMetrics('loss', '2026-11-29T21:02:00.123456'), (text) =>
    sacredMetrics(text, text),
  ),
  ofFormat(
    MLFLOW_FILES,
    `0/${'a'.repeat(32)}/metrics/loss`,
    readStack('mlflow/files-killed/mlruns/0/b70d206e03994e4899a280a031e38a9c/metrics/big'),
  ),
  ofFormat(
    WANDB,
    'run-a.wandb',
    readStack('wandb/offline-finished/wandb/offline-run-20261129_210601-6rlab00x/run-6rlab00x.wandb'),
  ),
  {
    name: 'settings in JSON',
    valid: ['{"lr": 0.1, "model": {"layers": [1, 2], "name": "x"}, "seed": null}'],
    within: [(text) => JSON.stringify({ [text]: { [text]: text } })],
    most: 65_536,
    read: settingsInJson,
    isRefusal: isSyntax,
  },
  {
    name: 'settings in an event file',
    valid: [
      readStack('transformers/whole/runs/Nov29_20-56-08_host1/events.out.tfevents.1795985768.host1.10615.0'),
    ],
    most: 262_144,
    read: (text) => {
      const bytes = Buffer.from(text, 'latin1');
      return settingsInEvents(holding('events', bytes), 'events', bytes.length);
    },
    isRefusal: never,
  },
];

/** A file as its stack left it. */
function readStack(path: string): string {
  return readFileSync(join(FIXTURES, 'runs-elsewhere', path), 'latin1').slice(0, 20_000);
}

/** A file of metrics of some format. */
function ofFormat(format: Format, path: string, valid: string, within?: (text: string) => string): Parser {
  return {
    name: `${format.name} (${path})`,
    valid: [valid],
    ...(within ? { within: [within] } : {}),
    most: 2 ** 20,
    async read(text) {
      const keeping = {
        tags: createTagTable(2_000),
        storeOf: (tag: string) => createColumns(tag),
        isWhole: true,
      };
      const source = format.open(holding(path, Buffer.from(text, 'latin1')), path, keeping);
      await source.read();
      return source.logged().flatMap(({ points }) => [...points.keys()]);
    },
    isRefusal: never,
  };
}

/** As sacred's FileStorageObserver keeps one metric. */
function sacredMetrics(tag: string, time: string): string {
  return JSON.stringify({ [tag]: { steps: [0, 1], values: [1, 0.5], timestamps: [time, time] } });
}
