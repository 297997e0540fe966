import { atOnce } from '../../core/slices.ts';
import { isObject, parseLooseJson } from '../loose-json.ts';
import { withoutMark } from './encoding.ts';
import { eachPiece, OPEN_BRACKET, pastSpace } from './json-pieces.ts';
import { recordOf, VALUES_MAX } from './json-record.ts';

/** What is looked at of a file's beginning, bytes: a record has some hundreds. */
export const SHAPE_BYTES = 64 << 10;

/**
 * What a file of JSON is by its beginning: a `document` of one array of records or of one object, an object a line (`lines`), an array
 * of something `else`, or of records without a step (`stepless`); null where that does not show, or not yet.
 */
export type JsonShape = 'document' | 'lines' | 'stepless' | 'else';

export function shapeOf(beginning: Buffer): JsonShape | null {
  const head = withoutMark(beginning);
  const start = pastSpace(head, 0);
  if (head[start] === OPEN_BRACKET) return shapeOfArray(head, start);
  const text = head.toString('utf8', start);
  const end = text.indexOf('\n');
  const first = parseLooseJson(end < 0 ? text : text.slice(0, end), VALUES_MAX);
  if (!text.startsWith('{') || (end < 0 && !first)) return null;
  // A document's last line has no end in most writers, and nothing follows it.
  if (end >= 0 && text[end + 1] === '{') return 'lines';
  return end >= 0 && first && recordOf(first) ? 'lines' : 'document';
}

function shapeOfArray(head: Buffer, start: number): JsonShape | null {
  let first: string | undefined;
  try {
    atOnce(
      eachPiece(head, start, (_key, from, to) => {
        first ??= head.toString('utf8', from, to);
      }),
    );
  } catch {
    // It goes on behind what was looked at.
  }
  if (first === undefined) return head.length < SHAPE_BYTES ? null : 'else';
  const object = parseLooseJson(first, VALUES_MAX);
  if (!object) return 'else';
  if (recordOf(object)) return 'document';
  return Object.values(object).every((each) => typeof each === 'number' || isObject(each))
    ? 'stepless'
    : 'else';
}
