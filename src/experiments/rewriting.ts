import { withoutFormulas } from '../core/spreadsheet.ts';
import { type CellDay, type CellNumber, type CellValues, cellValues } from './cell-values.ts';

/** What Excel and LibreOffice show for a formula that has no value. */
const ERROR_VALUE =
  /^(#(NAME\?|VALUE!|WERT!|REF!|BEZUG!|DIV\/0!|N\/A|NV|NUM!|ZAHL!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!|GETTING_DATA|#+)|Err:\d{3})$/;
/** What pandas reads as nothing (`read_csv`, na_values), besides an empty cell, and what it then writes. */
const NOT_AVAILABLE: ReadonlySet<string> = new Set(
  '#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null|NaT'.split(
    '|',
  ),
);
const BEYOND_ASCII = /[\u0080-\uffff]/;
const WESTERN = new TextDecoder('windows-1252');
/** Fewer digits than this are somebody's own rounding, unless they stand as only a spreadsheet writes them. */
const ROUNDED_DIGITS = 6;
const SCIENTIFIC_DIGITS = 3;
/** A spreadsheet knows no more digits of a number; Excel cuts the others off. */
const KNOWN_DIGITS = 15;
const CANONICAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const CANONICAL_LENGTH = 20;
const DAY_S = 86_400;
/** Days are counted from here (Excel's and LibreOffice's serial numbers), and these are of the years 1954 to 2119. */
const FIRST_DAY = Date.UTC(1899, 11, 30);
const SERIALS = { from: 20_000, to: 80_000 };

/** A formula's error: nobody's words. */
export function isErrorValue(text: string): boolean {
  return ERROR_VALUE.test(text.trim());
}

/** A word that stands for an empty cell where a program wrote it. */
export function isNotAvailable(text: string): boolean {
  return NOT_AVAILABLE.has(text.trim());
}

/**
 * Whether a spreadsheet or a data frame writes `text` where `stored` stood, with nobody having changed it: the same
 * number, day, time or truth in a form of its own, a formula's value or error, nothing for what it takes for nothing,
 * quotes and blanks.
 */
export function isRewriting(stored: string, text: string): boolean {
  if (stored === text || withoutFormulas(stored) === text) return true;
  if (isErrorValue(text)) return true;
  if (text === '' || isNotAvailable(text)) return isNotAvailable(stored);
  // Two times that both say all of themselves are two.
  if (stored === '' || (isCanonicalTime(stored) && isCanonicalTime(text))) return false;
  if (wordings(stored).includes(words(text))) return true;
  const [was, is] = [cellValues(stored), cellValues(text)];
  if (
    was.numbers.length === 0 &&
    isFormula(stored) &&
    (is.numbers.length > 0 || is.truth !== undefined || is.time || is.isDate)
  )
    return true;
  if (was.truth !== undefined && was.truth === is.truth) return true;
  if (was.numbers.some((one) => is.numbers.some((other) => isSameNumber(one, other)))) return true;
  return isSameMoment(was, is);
}

/** A time as the log has it: `2026-11-23T15:24:04Z`. */
export function isCanonicalTime(text: string): boolean {
  return text.length === CANONICAL_LENGTH && CANONICAL_TIME.test(text);
}

/** Whether a text is one of the forms that spreadsheets give to numbers and days, and people hardly do. */
export function isSpreadsheetForm(text: string): boolean {
  const { numbers, isDate } = cellValues(text);
  return isDate || numbers.some(({ isScientific }) => isScientific);
}

/**
 * Keys of which a text (`keysOfRewriting`) has one in common with whatever it may be the rewriting of (`keysOfStored`); so
 * it is found in a whole log without being compared with each.
 */
export function keysOfStored(stored: string): string[] {
  const { numbers, days, ...values } = cellValues(stored);
  const keys = [...commonKeys(stored, values), ...wordings(stored).map((each) => `words ${each}`)];
  if (beginsLikeFormula(stored)) keys.push('formula');
  for (const { month } of days) keys.push(`month ${month}`);
  for (const { value } of numbers)
    for (const digits of [SCIENTIFIC_DIGITS, ROUNDED_DIGITS, KNOWN_DIGITS])
      for (const factor of [1, 1 + 10 ** -digits, 1 - 10 ** -digits])
        keys.push(numberKey(value * factor, digits));
  return [...new Set(keys)];
}

export function keysOfRewriting(text: string): string[] {
  const { numbers, days, ...values } = cellValues(text);
  const keys = commonKeys(text, values);
  if (isErrorValue(text)) keys.push('formula');
  for (const { month } of days) keys.push(`month ${month}`);
  for (const number of numbers) {
    if (isSerial(number.value)) keys.push(`month ${dayOfSerial(number.value).month}`);
    keys.push(numberKey(number.value, KNOWN_DIGITS));
    if (number.isScientific) keys.push(numberKey(number.value, SCIENTIFIC_DIGITS));
    if (number.digits >= ROUNDED_DIGITS) keys.push(numberKey(number.value, ROUNDED_DIGITS));
  }
  return keys;
}

function commonKeys(text: string, { truth, time }: Pick<CellValues, 'truth' | 'time'>): string[] {
  const keys = [`words ${words(text)}`];
  if (truth !== undefined) keys.push(`truth ${truth}`);
  if (text === '' || isNotAvailable(text)) keys.push('nothing');
  if (time) keys.push(`minute ${Math.floor(time.seconds / 60)}`);
  return keys;
}

function numberKey(value: number, digits: number): string {
  return `number ${value.toPrecision(digits)}`;
}

/** With straight quotes, plain blanks and line ends, and without what stands around the whole. */
function words(text: string): string {
  return text
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚]/g, "'")
    .replace(/…/g, '...')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u00a0\u202f]/g, ' ')
    .trim()
    .replace(/^'(?=[^'])/, '')
    .replace(/^=?"([^"]*)"$/, '$1');
}

/**
 * The words of a text, also as Excel and LibreOffice read UTF-8 where no mark says that it is some, and then save it:
 * `grÃ¶ÃŸer` for `größer`.
 */
function wordings(text: string): string[] {
  if (!BEYOND_ASCII.test(text)) return [words(text)];
  const bytes = Buffer.from(text);
  return [text, WESTERN.decode(bytes), bytes.toString('latin1')].map(words);
}

/** What a spreadsheet takes for a formula: it computes it, or says that it cannot. */
function beginsLikeFormula(text: string): boolean {
  return /^\s*[-=+@]/.test(text);
}

function isFormula(text: string): boolean {
  return /^\s*=\s*[\w($."'+-]/.test(text) || /^\s*[-+][\d\s.()*/^+-]+$/.test(text);
}

function isSameNumber(stored: CellNumber, text: CellNumber): boolean {
  if (text.isPadded && !stored.isPadded) return false;
  const [one, other] = [stored.value, text.value];
  if (one === other) return true;
  const difference = Math.abs(one - other);
  const isShownRounded = (shown: CellNumber) => shown.step > 0 && difference <= shown.step * 0.500_001;
  if (isShownRounded(text)) return true;
  const least = text.isScientific ? SCIENTIFIC_DIGITS : ROUNDED_DIGITS;
  const digits = Math.min(stored.digits < least ? KNOWN_DIGITS : stored.digits, text.digits, KNOWN_DIGITS);
  if (digits < least) return false;
  const lastPlace = 10 ** (Math.floor(Math.log10(Math.abs(other))) - digits + 1);
  return difference <= lastPlace * (digits === KNOWN_DIGITS ? 1 : 0.500_001);
}

/** The same day and time, as far as both say them. */
function isSameMoment(was: CellValues, is: CellValues): boolean {
  const serial = is.numbers.find(({ value }) =>
    was.time && was.days.length === 0 ? value < 1 : isSerial(value),
  );
  const shown: CellValues = serial ? momentOfSerial(serial.value) : is;
  if (was.time && shown.time && !isSameTime(was.time.seconds, shown.time)) return false;
  if (was.days.length === 0 && shown.days.length === 0) return Boolean(was.time && shown.time);
  if (!was.time && shown.time && shown.time.seconds !== 0) return false;
  return shown.isDate && was.days.some((one) => shown.days.some((other) => isSameDay(one, other)));
}

function isSameTime(
  seconds: number,
  { seconds: shown, isToTheMinute }: NonNullable<CellValues['time']>,
): boolean {
  return isToTheMinute ? Math.floor(seconds / 60) === Math.floor(shown / 60) : seconds === shown;
}

function isSameDay(one: CellDay, other: CellDay): boolean {
  const isSameYear = one.year === null || other.year === null || one.year === other.year;
  return isSameYear && one.month === other.month && (one.day ?? 1) === (other.day ?? 1);
}

function isSerial(value: number): boolean {
  return value > SERIALS.from && value < SERIALS.to;
}

function dayOfSerial(value: number): CellDay & { day: number } {
  const date = new Date(FIRST_DAY + Math.floor(value) * DAY_S * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function momentOfSerial(value: number): CellValues {
  const seconds = Math.round((value % 1) * DAY_S);
  const time = { seconds, isToTheMinute: true };
  return value < 1
    ? { numbers: [], days: [], isDate: false, time }
    : { numbers: [], days: [dayOfSerial(value)], isDate: true, time };
}
