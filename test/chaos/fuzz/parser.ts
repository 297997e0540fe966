import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BotError } from '../../../src/core/errors.ts';

/** What reads bytes that others write. */
export interface Parser {
  name: string;
  /** What it reads in earnest, to be changed. */
  valid: readonly string[];
  /** What puts a text into one that is valid besides. */
  within?: readonly ((text: string) => string)[];
  /** As much as reaches it at once, characters. */
  most: number;
  /** How long it may take, milliseconds, where nobody waits yet: it is read before anything is started. */
  atMostMs?: number;
  read(text: string): unknown;
  /** Whether it may refuse so: any other error is a crash. */
  isRefusal(error: unknown): boolean;
}

export const FIXTURES = join(import.meta.dirname, '../../fixtures');
/** The texts of the files of a folder there. */
export const filesIn = (folder: string) =>
  readdirSync(join(FIXTURES, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(FIXTURES, folder, name), 'utf8'));

/** Refuses nothing. */
export const never = () => false;
export const isBotError = (error: unknown) => error instanceof BotError;
export const isSyntax = (error: unknown) => error instanceof SyntaxError;
