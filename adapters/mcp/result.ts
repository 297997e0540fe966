import { stripVTControlCharacters } from 'node:util';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Reply } from '../../src/core/adapter.ts';
import { beginning, between } from '../../src/core/clip.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { isForNames } from './fields.ts';
import type { Masker } from './mask.ts';
import { ownWords } from './own-words.ts';
import { inOneUnit } from './times.ts';

/** Longest text of one answer, characters; a model reads about a quarter as many tokens. */
const TEXT_MAX = 24_000;
/** What of it is kept from the beginning of a longer one; of logs the end says more. */
const HEAD = 8_000;
/** Longest `data` of one answer as JSON, characters: it is sent beside the text, and once more within it. */
const DATA_MAX = 8_000;
/** So many entries of each list are kept of data that is longer; then fewer. */
const LIST_MAXIMA = [100, 50, 10, 2];

export interface ResultDeps {
  masker: Masker;
  /** The queue's name, or those of several. */
  queue: string | readonly string[];
}

/** What goes with an answer's words. */
export interface Attached {
  /** What stands in the files that it gives. */
  texts?: readonly string[];
  /** PNG. */
  charts?: readonly Buffer[];
  /** `own`: what nobody else wrote; `all`: the rest as text too. */
  data?: 'own' | 'all' | undefined;
}

/**
 * An answer as a tool gives it, its words first: some clients cut what is long. Once, as text: clients that hand on
 * structured content hand on the text too. Texts stand in `untrusted_text` alone, with
 * secrets hidden, since any of them may have been written by a person or a program; where all of the data is wanted, it follows there as JSON.
 */
export function toolResult(
  reply: Reply,
  { masker, queue }: ResultDeps,
  { texts = [], charts = [], data: wanted }: Attached = {},
): CallToolResult {
  const { ok, errorCode } = reply;
  const blocks = reply.message.blocks.filter(({ kind }) => kind !== 'buttons');
  const said = stripVTControlCharacters(plainText({ blocks }, { now: Date.now(), namesZone: true }));
  const words = masker.text([said, ...texts].join('\n\n'));
  const isTold = wanted !== undefined && errorCode === undefined;
  const data = isTold ? masker.data(inOneUnit(reply.data)) : undefined;
  const answer = {
    ok,
    ...(errorCode === undefined ? {} : { error: { code: errorCode } }),
    untrusted_text: withData(words, wanted === 'all' ? data : undefined),
    ...(isTold ? withinSize(ownWords(data, queue) ?? null) : {}),
  };
  return {
    content: [
      { type: 'text', text: JSON.stringify(answer) },
      ...charts.map((png) => ({
        type: 'image' as const,
        data: png.toString('base64'),
        mimeType: 'image/png',
      })),
    ],
    isError: errorCode !== undefined,
  };
}

/** Data that is too long has its lists cut, which is said. */
function withinSize(data: unknown): { data: unknown; data_cut?: string } {
  if (lengthOf(data) <= DATA_MAX) return { data };
  for (const most of LIST_MAXIMA) {
    const cut = shortened(data, most);
    if (lengthOf(cut) <= DATA_MAX)
      return { data: cut, data_cut: `of each list only the first ${most} entries are kept` };
  }
  return { data: null, data_cut: `all of it, ${lengthOf(data)} characters: ask for less at once` };
}

function shortened(data: unknown, most: number): unknown {
  if (Array.isArray(data)) return data.slice(0, most).map((each) => shortened(each, most));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, each]) => [name, shortened(each, most)]));
}

function lengthOf(data: unknown): number {
  return JSON.stringify(data)?.length ?? 0;
}

function withData(words: string, data: unknown): string {
  if (words.length > TEXT_MAX) {
    const cut = words.length - TEXT_MAX;
    return `${beginning(words, HEAD)}\n(${cut} characters are cut here)\n${between(words, HEAD + cut, words.length)}`;
  }
  const json = JSON.stringify(withoutBlanks(data));
  if (json === undefined || json === '{}') return words;
  if (words.length + json.length > TEXT_MAX)
    return `${words}\n(its data, ${json.length} characters, is left out)`;
  return `${words}\n\n${json}`;
}

/** Without the fields that say nothing; where people gave the names, all stay, since `data` has the values in their order. */
function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (typeof value !== 'object' || value === null) return value;
  const filled = Object.entries(value).filter(([, each]) => each !== null && each !== '');
  return Object.fromEntries(
    filled.map(([name, each]) => [name, isForNames(name) ? each : withoutBlanks(each)]),
  );
}
