import { SETTINGS } from './settings/index.ts';
import { FORMATS } from './sources/index.ts';
import type { Kind } from './survey.ts';

/** All that is looked for in a run's folder. */
export const KINDS: readonly Kind[] = [...FORMATS, ...SETTINGS];
