/**
 * What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), in the forms of it that East Asian keyboards type
 * and spreadsheets take for the same (Unicode, "Halfwidth and Fullwidth Forms", "Small Form Variants"; the minus of mathematics).
 */
const SIGN = /^[=+@＝＋－＠﹦﹢﹣﹫\u2212-]/;
/** What spreadsheets pass over at the beginning of a cell, or may have lost of it when they read it. */
const PASSED_OVER = /^[\s"'\p{Cc}\p{Cf}\p{Zs}\u115f\u1160\u3164\uffa0]*/u;
/** Where another program, or the same in another country, begins a new cell. */
const CELLS = /([;\t\r\n])/;

/**
 * A text that no spreadsheet runs, wherever it begins a cell: before what would be a formula stands an apostrophe. A number is left as
 * it is; behind text it is none, as the quotation mark that closes the text may be read as part of it. The cells of one text that `;`, a tab or a line end parts are looked at one by one.
 */
export function withoutFormulas(text: string): string {
  if (isNumber(text)) return text;
  return text
    .split(CELLS)
    .map((cell) => (isFormula(cell) ? `'${cell}` : cell))
    .join('');
}

/** Whether a spreadsheet takes a cell for a formula. */
function isFormula(cell: string): boolean {
  return SIGN.test(cell.replace(PASSED_OVER, ''));
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
