/** What a spreadsheet may take a text for; of several readings it depends on the country. */
export interface CellValues {
  numbers: CellNumber[];
  days: CellDay[];
  /** It names a month, or a day with its year, as only a date does. */
  isDate: boolean;
  time?: CellTime;
  truth?: boolean;
}

export interface CellNumber {
  value: number;
  /** Significant digits that are shown. */
  digits: number;
  /** Steps of this size are shown, where a form has a fixed number of places; 0 where it has not. */
  step: number;
  /** Shown with an exponent as spreadsheets write it: `3.00E-04`. */
  isScientific: boolean;
  /** With zeros before it, which no program adds. */
  isPadded: boolean;
}

/** A day; the year is null where the text has none, the day where it names a month of a year. */
export interface CellDay {
  year: number | null;
  month: number;
  day: number | null;
}

export interface CellTime {
  /** Seconds of the day. */
  seconds: number;
  /** It shows hours and minutes only. */
  isToTheMinute: boolean;
}

/** How the twelve months begin in English, German, French, Spanish and Italian (Unicode CLDR, abbreviated months). */
const MONTHS = [
  'jan ene gen',
  'feb fév',
  'mar mär mrz',
  'apr avr abr',
  'may mai mag',
  'jun giu',
  'jul lug',
  'aug aoû ago',
  'sep set',
  'oct okt ott',
  'nov',
  'dec dez déc dic',
].map((names) => names.split(' '));
/** No spreadsheet reads a number or a date of more letters; longer texts are words. */
const LONGEST = 40;
/** What is neither, nor a truth: it has two words. */
const WORDS = /\p{L}{2}[^\p{L}]+\p{L}{2}/u;
const TIME_OF_DAY = /\d:\d\d/;
const TRUE = /^(true|wahr|vrai|verdadero|vero)$/i;
const FALSE = /^(false|falsch|faux|falso)$/i;
/** Two digits of a year below this are of this century, as Excel and LibreOffice read them. */
const CENTURY = 30;
const BETWEEN_THOUSANDS = "[ '\u00a0\u202f]";
/** Numbers as countries write them, and what of each is to be taken out, then the sign of its fraction. */
const NUMBERS: readonly (readonly [form: RegExp, thousands: string, fraction: string])[] = [
  [/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i, '', '.'],
  [/^[-+]?(\d+,\d*|,\d+)(e[-+]?\d+)?$/i, '', ','],
  [/^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/, ',', '.'],
  [/^[-+]?\d{1,3}(\.\d{3})+(,\d+)?$/, '.', ','],
  [new RegExp(`^[-+]?\\d{1,3}(${BETWEEN_THOUSANDS}\\d{3})+([.,]\\d+)?$`), BETWEEN_THOUSANDS, ','],
];

/** Reads a text as spreadsheets of several countries would. */
export function cellValues(text: string): CellValues {
  const trimmed = text.trim();
  const isNone = trimmed === '' || trimmed.length > LONGEST || !/\d|^\p{L}+$/u.test(trimmed);
  if (isNone || (WORDS.test(trimmed) && !TIME_OF_DAY.test(trimmed)))
    return { numbers: [], days: [], isDate: false };
  const [date, clock] = splitAtTime(trimmed);
  const time = timeOf(clock);
  const values: CellValues = { numbers: numbersOf(trimmed), ...daysOf(date) };
  if (time) values.time = time;
  else if (clock !== '') values.days = [];
  if (TRUE.test(trimmed)) values.truth = true;
  if (FALSE.test(trimmed)) values.truth = false;
  return values;
}

/** Numbers with the signs that a spreadsheet adds: per cent, currency, thousands, a decimal comma, an exponent. */
function numbersOf(text: string): CellNumber[] {
  const bare = text
    .replace(/^\((.*)\)$/, '-$1')
    .replace(/^([-+]?)\s*[$€£¥₹]\s*/, '$1')
    .replace(/\s*[$€£¥₹]$/, '');
  const isPercent = bare.endsWith('%');
  const number = bare.replace(/\s*%$/, '');
  return NUMBERS.flatMap(([form, thousands, fraction]) => {
    if (!form.test(number)) return [];
    const plain = number
      .replace(new RegExp(thousands === '.' ? '\\.' : thousands, 'g'), '')
      .replace(fraction, '.');
    const [mantissa = ''] = plain.toLowerCase().split('e');
    const places = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
    const unit = isPercent ? 100 : 1;
    return [
      {
        value: Number(plain) / unit,
        digits: mantissa.replace(/\D/g, '').replace(/^0+/, '').length,
        step: isPercent || bare !== text ? 10 ** -places / unit : 0,
        isPadded: /^[-+]?0\d/.test(plain),
        isScientific: /^[-+]?\d\.?\d*E[-+]\d{2,}$/.test(plain),
      },
    ];
  });
}

/** A text before and from its time of day on. */
function splitAtTime(text: string): [date: string, time: string] {
  const at = text.search(/(?<![\d:.])\d{1,2}:\d\d/);
  return at < 0 ? [text, ''] : [text.slice(0, at).replace(/[T,\s]+$/, ''), text.slice(at)];
}

/** `1:30`, `01:30:00 AM`, `08:00:00.000000+00:00`, `08:00:00Z`; undefined for anything else. */
function timeOf(text: string): CellTime | undefined {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([AP]M)?(?:Z|\s*UTC|[-+]00:?00)?$/i.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds, half] = match;
  const hour = half ? (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hours);
  return {
    seconds: hour * 3600 + Number(minutes) * 60 + Number(seconds ?? 0),
    isToTheMinute: seconds === undefined,
  };
}

/** Every day that a text may be: `1/2/2026` is one of two, `1-98` a month, and `MAR5` is read as one too. */
function daysOf(text: string): Pick<CellValues, 'days' | 'isDate'> {
  const parts = text.replace(/^(\p{L}{3,9})(\d{1,4})$/u, '$1-$2').split(/[-/.,\s]+/);
  const named = parts.findIndex((part) => monthNamed(part) !== undefined);
  const month = named < 0 ? undefined : monthNamed(parts[named]!);
  const numbers = parts.filter((_, index) => index !== named);
  if (parts.length < 2 || parts.length > 3 || !numbers.every((part) => /^\d{1,4}$/.test(part)))
    return { days: [], isDate: false };
  const [a = '', b, c] = numbers;
  const readings: [year: string | null, month: number, day: string | null][] =
    month !== undefined
      ? b === undefined
        ? [
            [null, month, a],
            [a, month, null],
          ]
        : [
            [b, month, a],
            [a, month, b],
          ]
      : c !== undefined
        ? [
            [a, Number(b), c],
            [c, Number(a), b!],
            [c, Number(b), a],
          ]
        : [
            [null, Number(a), b!],
            [null, Number(b), a],
            [b!, Number(a), null],
            [a, Number(b), null],
          ];
  const days = readings.flatMap(([yearText, month, dayText]) => {
    const year = yearText === null ? null : yearOf(yearText);
    const day = dayText === null ? null : Number(dayText);
    const isDay = month >= 1 && month <= 12 && (day === null || (day >= 1 && day <= 31));
    return isDay && year !== undefined ? [{ year, month, day }] : [];
  });
  return { days, isDate: days.length > 0 && (named >= 0 || c !== undefined) };
}

function monthNamed(text: string): number | undefined {
  if (!/^\p{L}{3,9}$/u.test(text)) return undefined;
  const at = MONTHS.findIndex((names) => names.includes(text.slice(0, 3).toLowerCase()));
  return at < 0 ? undefined : at + 1;
}

function yearOf(text: string): number | undefined {
  if (text.length === 4) return Number(text);
  return text.length === 2 ? Number(text) + (Number(text) < CENTURY ? 2000 : 1900) : undefined;
}
