import { describe, expect, it } from 'vitest';
import { isRewriting, keysOfRewriting, keysOfStored } from '../../src/experiments/rewriting.ts';
import { cpuMs } from '../helpers.ts';

/** What stood in a cell, and what spreadsheets of several countries, or pandas, write there. */
const REWRITTEN: [stored: string, ...written: string[]][] = [
  ['-lower lr; wider', '#NAME?', '#VALUE!', 'Err:510', '#REF!', '#SPILL!'],
  ['=1/0', '#DIV/0!', '0.5', 'TRUE'],
  ['3e-4', '3.00E-04', '0.0003', '3E-04', '0,0003'],
  ['2.1777e-05', '2.18E-05', '0.000021777', '2.1777E-05'],
  ['1e10', '1.00E+10', '10000000000', '1E+10'],
  ['123456789012345678', '1.23457E+17', '123456789012345000', '1.23456789012346E+017'],
  ['007', '7', '7.0', '="007"'],
  ['1.10', '1.1', '1,1'],
  ['1000', '1,000', '1.000', '1 000', '$1,000.00', '1.000,00 €', '1000.0'],
  ['50%', '50.00%', '0.5', '50,00%'],
  ['0.2177', '21.77%', '22%'],
  ['$5', '$5.00', '5'],
  ['true', 'TRUE', 'True', 'WAHR'],
  [
    '1-2',
    '2-Jan',
    '1-Feb',
    '02-Jan-26',
    '02.01.2026',
    '1/2/2026',
    '02/01/26',
    '2. Jan',
    '2026-01-02',
    '46024',
  ],
  ['MAR5', '5-Mar', '05-Mrz'],
  ['1-98', 'Jan-98', '01/01/98'],
  ['2026-11-24', '24/11/2026', '11/24/2026', '24.11.26', '2026-11-24 00:00:00'],
  [
    '2026-11-24T08:00:00Z',
    '24/11/2026 08:00',
    '11/24/2026 8:00',
    '24.11.2026 08:00:00',
    '2026-11-24 08:00:00+00:00',
  ],
  ['1:30', '01:30:00', '1:30:00 AM', '0.0625'],
  ['N/A', '', 'nan', 'None'],
  ['None', ''],
  ['the "wide" one’s', "the “wide” one's"],
  ["'quoted", 'quoted'],
  ['two\nlines', 'two\r\nlines'],
  ['wait...', 'wait…'],
  ['größer – „gut“', 'grÃ¶ÃŸer â€“ â€žgutâ€œ'],
  ['größer', 'grÃ¶Ã\u009fer'],
  ['-1-2', '-3'],
  ['', '#N/A'],
];

/** What a person has written instead. */
const EDITED: [stored: string, written: string][] = [
  ['0.3', '0.4'],
  ['0.217773437', '0.2178'],
  ['2.1777e-05', '3.00E-04'],
  ['7', '007'],
  ['7', '8.0'],
  ['50%', '60.00%'],
  ['1-2', '3-Jan'],
  ['1/2', '2/1'],
  ['-lower lr', '5'],
  ['-lower lr', 'higher lr'],
  ['true', 'FALSE'],
  ['wider', ''],
  ['', 'nan'],
  ['', '0'],
  ['1:30', '01:31:00'],
  ['2026-11-24T08:00:00Z', '24/11/2026 09:00'],
  ['2026-11-24T08:00:00Z', '25/11/2026 08:00'],
  ['lr-3', 'lr-4'],
  ['-0.5', '0.7'],
  ['-0.5', '-0.6'],
  ['-0.25', '0.25'],
  ['+3', '4'],
  ['-1', '24/11/2026'],
  ['größer', 'kleiner'],
];

describe('what a program has made of a text', () => {
  it.each(REWRITTEN)('%j is no edit', (stored, ...written) => {
    expect(written.filter((text) => !isRewriting(stored, text))).toEqual([]);
    const keys = new Set(keysOfStored(stored));
    const exempt = (text: string) =>
      text.includes('%') || text.startsWith('#') || text === '0.0625' || text === '-3';
    const isFound = (text: string) => keysOfRewriting(text).some((key) => keys.has(key));
    if (!stored.startsWith('='))
      expect(written.filter((text) => !exempt(text) && !isFound(text))).toEqual([]);
  });

  it.each(EDITED)('%j replaced by %j is one', (stored, written) => {
    expect(isRewriting(stored, written)).toBe(false);
  });

  it('is found out in time that grows as the text does', () => {
    const began = cpuMs();
    for (const text of [
      '-'.repeat(1e5),
      '1,'.repeat(5e4),
      ' '.repeat(1e5),
      '#'.repeat(1e5),
      `"${'a'.repeat(1e5)}`,
    ])
      isRewriting('x'.repeat(1e5), text);
    expect(cpuMs() - began).toBeLessThan(500);
  });
});
