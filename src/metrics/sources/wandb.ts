import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileState, RunFiles } from '../../core/queue.ts';
import { isUnchanged } from '../file-state.ts';
import { parseLooseJson } from '../loose-json.ts';
import { cursorAt, eachField, readVarint, VARINT } from '../protobuf.ts';
import { settingsInJson } from '../settings/json-settings.ts';
import { type Format, folderOf, type Keeping, type PointStore, pointsOf, type Source } from './source.ts';
import { epochSeconds } from './step-names.ts';

/** `:W&B`, a magic number and a version stand before the first record (wandb/sdk/internal/datastore.py of 0.31, LevelDB's log format). */
const HEADER_BYTES = 7;
const BLOCK_BYTES = 32 << 10;
/** Checksum 4, length 2, type 1. */
const RECORD_HEADER_BYTES = 7;
/** Types of a record's parts. */
const [FULL, FIRST, LAST] = [1, 2, 4];
/** How much is read between two turns of the event loop. */
const SLICE_BLOCKS = 8;
/** A record of more, an output or a table mostly, is stepped over. */
const RECORD_MAX_BYTES = 4 << 20;
/** A part fills a block, but for the first and the last. */
const PARTS_MAX = RECORD_MAX_BYTES / BLOCK_BYTES + 2;
/** Field numbers of wandb_internal.proto: of Record, RunRecord, ConfigRecord, HistoryRecord, and of their items. */
const RECORD = { history: 2, config: 5, run: 17 };
const RUN = { config: 4 };
const CONFIG = { update: 1 };
const HISTORY = { item: 1, step: 2 };
const ITEM = { key: 1, nestedKey: 2, json: 16 };
/** What W&B keeps of itself in a run's history begins with it; its step and its time are among that. */
const OWN = '_';
const FOLDER = /(^|\/)(wandb\/)?(offline-)?run-[^/]+$/;

/** The offline file of Weights & Biases, `run-ID.wandb`. */
export const WANDB: Format = {
  name: 'W&B offline file',
  claims: (path) => path.endsWith('.wandb'),
  open: openWandb,
};

function openWandb<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  const points = new Map<string, P>();
  const settings: Record<string, string> = {};
  let seen: FileState | null = null;
  let offset = 0;
  /** The parts so far of a record that goes over several blocks; null: it is stepped over. */
  let parts: Buffer[] | null = [];
  let partBytes = 0;
  let damaged = 0;
  let records = 0;

  async function read(): Promise<boolean> {
    const found = await files.stat(path);
    if (isUnchanged(seen, found)) return false;
    if (!found || found.inode !== seen?.inode || found.size < offset) {
      points.clear();
      for (const name of Object.keys(settings)) delete settings[name];
      [offset, parts, damaged, records] = [HEADER_BYTES, [], 0, 0];
    }
    seen = found;
    while (found && (await readBlocks(found.size))) await nextTurn();
    return true;
  }

  /** Takes in what is whole of the next blocks; resolves to whether there may be more. */
  async function readBlocks(size: number): Promise<boolean> {
    const start = offset;
    const to = Math.min(size, (Math.floor(start / BLOCK_BYTES) + SLICE_BLOCKS) * BLOCK_BYTES);
    const buffer = await files.read(path, start, to);
    let at = 0;
    while (at + RECORD_HEADER_BYTES <= buffer.length) {
      const inBlock = (start + at) % BLOCK_BYTES;
      if (BLOCK_BYTES - inBlock < RECORD_HEADER_BYTES) {
        at += BLOCK_BYTES - inBlock;
        continue;
      }
      const length = buffer.readUInt16LE(at + 4);
      const type = buffer[at + 6]!;
      const end = at + RECORD_HEADER_BYTES + length;
      if (end > buffer.length) break;
      if (type < FULL || type > LAST) {
        // Zeros: not written yet, as a whole block of them is, or the rest of a block that was left.
        if (inBlock <= HEADER_BYTES || start + at + (BLOCK_BYTES - inBlock) > size) break;
        at += BLOCK_BYTES - inBlock;
        continue;
      }
      takePart(type, buffer.subarray(at + RECORD_HEADER_BYTES, end));
      at = end;
    }
    offset = start + at;
    return at > 0 && offset < size;
  }

  function takePart(type: number, part: Buffer): void {
    if (type === FULL || type === FIRST) [parts, partBytes] = [[], 0];
    partBytes += part.length;
    if (partBytes > RECORD_MAX_BYTES || (parts && parts.length === PARTS_MAX)) parts = null;
    // The blocks of a slice are one buffer, which a part must not keep.
    if (part.length > 0) parts?.push(type === FULL ? part : Buffer.from(part));
    if (type !== FULL && type !== LAST) return;
    if (parts && parts.length > 0) takeRecord(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
    [parts, partBytes] = [[], 0];
  }

  function takeRecord(buffer: Buffer): void {
    records += 1;
    try {
      eachField(buffer, 0, buffer.length, (field, from, to) => {
        if (field === RECORD.history) history(buffer, from, to);
        else if (field === RECORD.config) configured(buffer, from, to);
        else if (field === RECORD.run)
          eachField(buffer, from, to, (inner, start, end) => {
            if (inner === RUN.config) configured(buffer, start, end);
          });
      });
    } catch {
      damaged += 1;
    }
  }

  function configured(buffer: Buffer, from: number, to: number): void {
    eachField(buffer, from, to, (field, start, end) => {
      if (field !== CONFIG.update) return;
      const { key, json } = itemIn(buffer, start, end);
      if (key.startsWith(OWN)) return;
      try {
        Object.assign(settings, settingsInJson(`{${JSON.stringify(key)}:${json}}`).settings);
      } catch {
        damaged += 1;
      }
    });
  }

  function history(buffer: Buffer, from: number, to: number): void {
    let step = Number.NaN;
    let wallTime = Number.NaN;
    const values: [string, number][] = [];
    eachField(buffer, from, to, (field, start, end) => {
      if (field === HISTORY.step) step = stepIn(buffer, start, end);
      if (field !== HISTORY.item) return;
      const { key, json } = itemIn(buffer, start, end);
      const value = numberIn(json);
      if (value === undefined) return;
      if (key === '_step') step = value;
      else if (key === '_timestamp') wallTime = epochSeconds(value);
      else if (!key.startsWith(OWN)) values.push([key, value]);
    });
    if (!Number.isFinite(step)) return;
    for (const [tag, value] of values) pointsOf(points, tag, keeping)?.push(step, wallTime, value);
  }

  return {
    read,
    logged: () =>
      points.size === 0
        ? []
        : [
            {
              subRun: folderOf(folderOf(path).replace(FOLDER, '/')) || '.',
              file: path,
              points,
              stepName: '_step',
            },
          ],
    damaged: () => damaged,
    settings: () => settings,
    writtenAt: () => seen?.mtimeMs ?? null,
    problem: () => (records === 0 ? 'holds nothing yet: W&B writes it every 15 s or so' : null),
  };
}

function stepIn(buffer: Buffer, from: number, to: number): number {
  const cursor = cursorAt(buffer, from);
  // A step of zero is no field at all.
  return from < to && readVarint(cursor) === ((1 << 3) | VARINT) ? readVarint(cursor) : 0;
}

/** A key and its JSON; a key of several parts is joined as W&B's own charts name it. */
function itemIn(buffer: Buffer, from: number, to: number): { key: string; json: string } {
  const keys: string[] = [];
  let json = '';
  eachField(buffer, from, to, (field, start, end) => {
    const text = buffer.toString('utf8', start, end);
    if (field === ITEM.key || field === ITEM.nestedKey) keys.push(text);
    else if (field === ITEM.json) json = text;
  });
  return { key: keys.join('.'), json };
}

function numberIn(json: string): number | undefined {
  if (json.length > 40) return undefined;
  const value = parseLooseJson(`{"value":${json}}`)?.value;
  return typeof value === 'number' ? value : undefined;
}
