import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HTTPException } from 'hono/http-exception';
import { formParts } from '../../../adapters/discord/forms.ts';
import { fromDiscordText } from '../../../adapters/discord/text.ts';
import { callOf } from '../../../adapters/mcp/arguments.ts';
import { boundedLines } from '../../../adapters/mcp/bounded-lines.ts';
import { ADAPTERS } from '../../../adapters/registry.ts';
import { fromSlackText } from '../../../adapters/slack/text.ts';
import { invocationOf, type TerminalRequest } from '../../../adapters/terminal/protocol.ts';
import { actBody } from '../../../adapters/web/asking.ts';
import { body, SAY_MAX } from '../../../adapters/web/requests.ts';
import { COMMANDS } from '../../../commands/index.ts';
import { type CommandInput, NOWHERE, parseInput } from '../../../src/chat/parse.ts';
import { readTeamFile } from '../../../src/config/team-file.ts';
import { partsOf } from '../../../src/core/command-parts.ts';
import { EXPERIMENT_COLUMNS } from '../../../src/core/experiment.ts';
import { tableText } from '../../../src/core/plain-table.ts';
import { maskSecrets } from '../../../src/core/secrets.ts';
import { inSlices } from '../../../src/core/slices.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { parsingExperimentLogBytes } from '../../../src/experiments/decode.ts';
import { experimentsIn } from '../../../src/experiments/experiments-of.ts';
import { parsePythonJson } from '../../../src/experiments/python-text.ts';
import { parseDevices, partitionedIn } from '../../../src/gpus/devices.ts';
import { gpusIn } from '../../../src/gpus/nvidia-smi.ts';
import { QUEUE_KINDS } from '../../../src/queue/registry.ts';
import { createStateParser } from '../../../src/queue/xax/state-parser.ts';
import { parseObserver, StateError } from '../../../src/queue/xax/state-schema.ts';
import { temporaryFolder } from '../../helpers.ts';
import { cleanLines } from '../../parsing.ts';
import { FIXTURES, filesIn, isBotError, isSyntax, never, type Parser } from './parser.ts';
import { RUN_FILE_PARSERS } from './run-file-parsers.ts';

const TEAM_FILE = join(temporaryFolder(), 'xaxbot.yaml');
const PERSON = { id: 'ada', name: 'ada', role: 'operator' } as const;
const LINES = [
  'status',
  'queue toy lr=0.01 note="a „b“ c"',
  'note 12 it’s done, "really"',
  'kill job-0000007 yes',
  '/xax logs 3 lines=50',
  '```\nhypothesis exp-1 a lower rate settles\n```',
];
const typed = (words: string) => parse({ kind: 'text', words });
const parse = (input: CommandInput) => parseInput(input, COMMANDS, NOWHERE);
const PARTS = COMMANDS.flatMap(partsOf);

/** Every parser of outside bytes. */
export const PARSERS: readonly Parser[] = [
  {
    name: 'a job log, cleaned and diagnosed',
    valid: filesIn('failures/open'),
    most: 2 ** 20,
    read: (text) => diagnose({ error: text.slice(0, 500), returnCode: 1 }, cleanLines(text).slice(-2_000)),
    isRefusal: never,
  },
  {
    name: 'an experiment log as CSV',
    valid: filesIn('rewritten').map((text) => text.slice(0, 20_000)),
    most: 2 ** 20,
    within: [inCells],
    async read(text) {
      const disk = await inSlices(parsingExperimentLogBytes(Buffer.from(text), 20_000));
      return inSlices(experimentsIn(disk));
    },
    isRefusal: isBotError,
  },
  {
    name: 'a text without its secrets',
    valid: filesIn('failures/open').map((text) => text.slice(0, 20_000)),
    most: 65_536,
    read: maskSecrets,
    isRefusal: never,
  },
  {
    name: 'metrics_json',
    valid: ['{"valid/loss": 0.25, "n": 3, "deep": [1, [2, {"a": NaN}]], "x": -Infinity, "t": "a\\"b"}'],
    most: 131_072,
    read: parsePythonJson,
    isRefusal: isSyntax,
  },
  {
    name: 'xaxbot.yaml',
    valid: [readFileSync(join(import.meta.dirname, '../../../xaxbot.example.yaml'), 'utf8').slice(0, 2_000)],
    most: 2_048,
    atMostMs: 2_000,
    read(text) {
      writeFileSync(TEAM_FILE, text);
      return readTeamFile(TEAM_FILE, { kinds: ADAPTERS, queueKinds: QUEUE_KINDS });
    },
    isRefusal: isBotError,
  },
  {
    name: 'queue_state.json',
    valid: filesIn('xax/states').map((text) => text.slice(0, 20_000)),
    most: 2 ** 20,
    read(text) {
      const parser = createStateParser('gpu1');
      parser.parse(Buffer.from(text));
      return parser.parse(Buffer.from(text.replace('queued', 'running')));
    },
    isRefusal: (error) => error instanceof StateError || isSyntax(error),
  },
  {
    name: 'queue_observer.json',
    valid: [readFileSync(join(FIXTURES, 'xax/observer.json'), 'utf8')],
    most: 65_536,
    read: (text) => parseObserver(JSON.parse(text)),
    isRefusal: (error) => error instanceof StateError || isSyntax(error),
  },
  {
    name: 'nvidia-smi',
    valid: [
      '0, GPU-0a1b2c3d-0000-1111-2222-333344445555, NVIDIA H200, 97, 70000, 143771\n1, [Unknown Error], x, N/A, 3, 4\n',
      'GPU 0: NVIDIA A100 (UUID: GPU-0a1b)\n  MIG 3g.20gb Device 0: (UUID: MIG-0c2d)\n',
    ],
    most: 262_144,
    read(text) {
      const lines = text.split('\n');
      return [gpusIn(lines), parseDevices(lines), partitionedIn(lines)];
    },
    isRefusal: never,
  },
  ...RUN_FILE_PARSERS,
  { name: 'a command line', valid: LINES, most: 24_000, read: typed, isRefusal: isBotError },
  {
    name: 'words in Slack',
    valid: LINES.map((line) => `<@U0ADA> ${line} <#C1|queue> &lt;a&gt; <https://a.example|a>`),
    most: 40_000,
    read: (text) => typed(fromSlackText(text, () => 'ada').trim()),
    isRefusal: isBotError,
  },
  {
    name: 'words and forms in Discord',
    valid: LINES.map((line) => `<@1> ${line} <#22> <t:1700000000:R> <:smile:123>`),
    most: 24_000,
    read(text) {
      formParts(`form:${text}`);
      const names = { user: () => 'ada', role: () => 'team', channel: () => 'queue' };
      return typed(fromDiscordText(text, names as never));
    },
    isRefusal: isBotError,
  },
  {
    name: "a form's fields, as the page sends them",
    valid: [
      '{"channel": "experiments", "thread": null, "command": "queue", "options": {"preset": "toy", "with": "lr=0.01\\nseed=2"}}',
      '{"channel": "experiments", "thread": 3, "command": "note", "options": {"note": "a"}, "press": {"kind": "form", "id": "a1"}}',
    ],
    most: 65_536,
    async read(text) {
      const { command, options } = await body({ json: async () => JSON.parse(text) }, actBody);
      return parse({ kind: 'options', command, options });
    },
    isRefusal: (error) => isBotError(error) || error instanceof HTTPException,
  },
  {
    name: "a tool's arguments over MCP",
    valid: ['{"preset": "toy", "with": {"lr": 0.01, "seed": [1, 2]}, "data": true, "job": "7"}'],
    most: 65_536,
    read(text) {
      const given = JSON.parse(text) as Record<string, unknown>;
      for (const part of PARTS)
        try {
          callOf(part, given ?? {});
        } catch (error) {
          if (!isBotError(error)) throw error;
        }
    },
    isRefusal: isSyntax,
  },
  {
    name: 'lines over MCP',
    valid: ['{"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "status"}}\n'],
    most: 2 ** 20,
    async read(text) {
      const lines = boundedLines(SAY_MAX, () => {});
      lines.resume();
      lines.end(Buffer.from(text));
      await new Promise((resolve) => lines.once('end', resolve));
    },
    isRefusal: never,
  },
  {
    name: "the terminal's requests",
    valid: ['{"argv": ["queue", "toy", "lr=0.01"], "yes": false}', '{"confirm": "abc"}'],
    most: 65_536,
    read(text) {
      const request = JSON.parse(text) as TerminalRequest;
      if (typeof request !== 'object' || request === null) return null;
      const { input } = invocationOf(request, PERSON as never);
      return input.kind === 'argv' && isList(input.argv) ? parse(input) : null;
    },
    isRefusal: (error) => isBotError(error) || isSyntax(error),
  },
  {
    name: "a table's cells",
    valid: ['a job\twith a long name\n漢字\tand “quotes” of 0.5\n'],
    most: 8_192,
    read: (text) =>
      tableText(
        text
          .split('\n')
          .slice(0, 20)
          .map((line) => line.split('\t').slice(0, 4)),
        80,
      ),
    isRefusal: never,
  },
];

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** An experiment log of one row, with a part of the text in each of its cells. */
function inCells(text: string): string {
  const part = Math.ceil(text.length / EXPERIMENT_COLUMNS.length);
  const cells = EXPERIMENT_COLUMNS.map((_, index) => text.slice(index * part, (index + 1) * part));
  const quoted = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`);
  return `${EXPERIMENT_COLUMNS.join(',')}\r\n${quoted.join(',')}\r\n`;
}
