import type { RunFiles } from '../../core/queue.ts';
import { BYTES, cursorAt, eachField, FIXED64, readFieldEnd, readVarint, VARINT } from '../protobuf.ts';
import { settingsInJson } from './json-settings.ts';

/** What a run says of itself stands among an event file's first records. */
export const BEGINNING_BYTES = 256 << 10;
const RECORD_HEADER_BYTES = 12;
const RECORD_FOOTER_BYTES = 4;
/** The Trainer's arguments as JSON (TensorBoardCallback of transformers 5.24). */
const ARGUMENTS = 'args/text_summary';
/** Hyper-parameters as the HParams plugin of TensorBoard keeps them (tensorboard/plugins/hparams/plugin_data.proto). */
const HPARAMS = '_hparams_/session_start_info';
/** Field numbers of event.proto, summary.proto, tensor.proto, plugin_data.proto and struct.proto. */
const EVENT = { summary: 5 };
const SUMMARY = { value: 1 };
const VALUE = { tag: 1, tensor: 8, metadata: 9 };
const TENSOR = { stringVal: 8 };
const METADATA = { pluginData: 1 };
const PLUGIN_DATA = { content: 2 };
const HPARAMS_DATA = { sessionStart: 3 };
const SESSION_START = { hparams: 1 };
const ENTRY = { key: 1, value: 2 };
const STRUCT_VALUE = { number: 2, text: 3, bool: 4 };

type Settings = { settings: Record<string, string>; values: Record<string, string> };

/** The settings that an event file begins with; null where it has none. */
export async function settingsInEvents(
  files: RunFiles,
  path: string,
  size: number,
): Promise<Settings | null> {
  const buffer = await files.read(path, 0, Math.min(size, BEGINNING_BYTES));
  const json: Record<string, unknown> = {};
  try {
    for (const [from, to] of recordsOf(buffer)) {
      for (const summary of fieldsOf(buffer, from, to, EVENT.summary))
        for (const value of fieldsOf(buffer, ...summary, SUMMARY.value)) {
          const found = settingsOfValue(buffer, ...value);
          if (typeof found === 'string') return settingsInJson(found);
          if (found) Object.assign(json, found);
        }
    }
  } catch {
    // A record that is damaged tells nothing, nor does what follows it.
  }
  return Object.keys(json).length > 0 ? settingsInJson(JSON.stringify(json)) : null;
}

/** A record's content, up to the first that is not whole. */
function* recordsOf(buffer: Buffer): Generator<[from: number, to: number]> {
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= buffer.length) {
    const from = at + RECORD_HEADER_BYTES;
    const to = from + Number(buffer.readBigUInt64LE(at));
    if (to + RECORD_FOOTER_BYTES > buffer.length) return;
    yield [from, to];
    at = to + RECORD_FOOTER_BYTES;
  }
}

/** A Trainer's arguments as their JSON, hyper-parameters by name, or nothing. */
function settingsOfValue(buffer: Buffer, from: number, to: number): string | Record<string, unknown> | null {
  const [tagAt] = fieldsOf(buffer, from, to, VALUE.tag);
  const tag = tagAt && buffer.toString('utf8', ...tagAt);
  if (tag === ARGUMENTS) {
    for (const tensor of fieldsOf(buffer, from, to, VALUE.tensor))
      for (const text of fieldsOf(buffer, ...tensor, TENSOR.stringVal))
        return buffer.toString('utf8', ...text);
  }
  if (tag !== HPARAMS) return null;
  const found: Record<string, unknown> = {};
  for (const metadata of fieldsOf(buffer, from, to, VALUE.metadata))
    for (const plugin of fieldsOf(buffer, ...metadata, METADATA.pluginData))
      for (const content of fieldsOf(buffer, ...plugin, PLUGIN_DATA.content))
        for (const start of fieldsOf(buffer, ...content, HPARAMS_DATA.sessionStart))
          for (const entry of fieldsOf(buffer, ...start, SESSION_START.hparams)) {
            const [key] = fieldsOf(buffer, ...entry, ENTRY.key);
            const [value] = fieldsOf(buffer, ...entry, ENTRY.value);
            if (key && value) found[buffer.toString('utf8', ...key)] = structValue(buffer, ...value);
          }
  return found;
}

/** Where the fields of this number stand in a message, those that have a length. */
function fieldsOf(buffer: Buffer, from: number, to: number, wanted: number): [from: number, to: number][] {
  const found: [number, number][] = [];
  eachField(buffer, from, to, (field, start, end) => {
    if (field === wanted) found.push([start, end]);
  });
  return found;
}

/** A google.protobuf.Value that is no list or map. */
function structValue(buffer: Buffer, from: number, to: number): unknown {
  const cursor = cursorAt(buffer, from);
  if (from >= to) return null;
  const key = readVarint(cursor);
  const [field, wire] = [key >>> 3, key & 7];
  if (field === STRUCT_VALUE.number && wire === FIXED64) return buffer.readDoubleLE(cursor.at);
  if (field === STRUCT_VALUE.bool && wire === VARINT) return readVarint(cursor) === 1;
  if (field === STRUCT_VALUE.text && wire === BYTES) {
    const end = readFieldEnd(cursor, to);
    return buffer.toString('utf8', cursor.at, end);
  }
  return null;
}
