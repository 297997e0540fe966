import type { CauseKind } from './kinds.ts';

/** A module or a file that is not there. */
export interface Missing {
  kind: Extract<CauseKind, 'missing_module' | 'missing_file'>;
  name: string | null;
  advice?: string;
}

const MODULE: readonly RegExp[] = [
  /^ModuleNotFoundError: No module named '?([\w.-]+)'?/,
  /^ImportError: No module named '?([\w.-]+)'?/,
  /^PackageNotFoundError: (?:No package metadata was found for )?([\w.-]+)/,
  /^ImportError: .*packages that were not found in your environment: ([\w.-]+)/,
  /^(?:ImportError|ModuleNotFoundError): .*\b(?:pip install|conda install)(?: -\S+)* ['"`]?([\w.-]+)/,
  /^ImportError: .*requires the ([\w.-]+) library/,
  /^ImportError: .*[Pp]lease install ['"`]?([\w-]+)/,
  /^ImportError: .*\b([\w.-]+) (?:is|seems to be|are) not installed/,
];
/** Wrappers say it in the middle of their words. */
const MODULE_WITHIN = /No module named ['`]([\w.-]+)['`]/;
const NAME = /^ImportError: cannot import name '([^']+)'/;
const OTHER_VERSION = 'The installed version has no such name: check the versions of both packages.';
/** A version that does not fit is there; a module that is half imported is too. */
const IS_THERE = /but found|partially initialized|circular import|undefined symbol|incompatible/;
const LIBRARY = /^(?:ImportError|OSError): (lib[\w.+-]+): cannot open shared object file/;
/** Libraries of the GPU's are told with it. */
const OF_GPU = /^lib(cu|nv|nccl|hip|roc)/;
const FILE_TYPES = /^(?:FileNotFoundError|PermissionError|NotADirectoryError|IsADirectoryError)$/;
const FILE_NAME: readonly RegExp[] = [
  /['"]([^'"]+)['"]/,
  /(?:not found|no such file or directory|does not exist)(?: at)?: ?(\S+?)[.,;]?(?:\s|$)/i,
  /(\/\S+?)[.,;:]?(?:\s|$)/,
];
/** What a program says itself of a path that it looked for. */
const NO_PATH: readonly RegExp[] = [
  /\b(?:files?|checkpoint|ckpt|directory|folder|path|weights|dataset)\b.{0,40}?[\s'"`:=]((?:~|\.{1,2})?\/(?!\/)[^\s'"`,;:]+)['"`]?.{0,20}?\b(?:not (?:be )?found|does(?: not|n't) exist|missing)\b/i,
  /\b(?:could not|couldn't|cannot|can't|unable to|failed to) (?:find|locate|open)\b.{0,20}?\b(?:files?|checkpoint|ckpt|directory|folder|path|weights|dataset)\b.{0,40}?[\s'"`:=]((?:~|\.{1,2})?\/(?!\/)[^\s'"`,;:]+)/i,
];
const MAY_NOT = 'The file exists, but the user that runs the queue may not use it: check its owner and mode.';

export function missingIn(type: string, text: string): Missing | undefined {
  const words = text
    .replace(/^(?:\w+\.)+(?=\w+:)/, '')
    .replace(/\s*\n\s*/g, ' ')
    .slice(0, 2_000);
  if (/^(ModuleNotFound|Import|PackageNotFound)Error$/.test(type) && !IS_THERE.test(words)) {
    const name = MODULE.map((pattern) => pattern.exec(words)?.[1]).find((found) => found !== undefined);
    if (name !== undefined) return { kind: 'missing_module', name: name.replace(/\.$/, '') };
    const wanted = NAME.exec(words)?.[1];
    if (wanted !== undefined) return { kind: 'missing_module', name: wanted, advice: OTHER_VERSION };
    const library = LIBRARY.exec(words)?.[1];
    if (library !== undefined && !OF_GPU.test(library))
      return {
        kind: 'missing_module',
        name: library,
        advice: 'A shared library is missing on the host: install it, or check LD_LIBRARY_PATH of the queue.',
      };
  }
  const within =
    /Error$|Exception$/.test(type) && type !== 'KeyError' ? MODULE_WITHIN.exec(words)?.[1] : undefined;
  if (within !== undefined) return { kind: 'missing_module', name: within };
  if (!FILE_TYPES.test(type)) {
    const path =
      /Error$|Exception$/.test(type) &&
      type !== 'KeyError' &&
      NO_PATH.map((pattern) => pattern.exec(words)?.[1]).find(Boolean);
    return path ? { kind: 'missing_file', name: path.replace(/\.$/, '') } : undefined;
  }
  if (/No space left/.test(words)) return undefined;
  const said = words.slice(type.length + 2);
  const name =
    FILE_NAME.map((pattern) => pattern.exec(said)?.[1]).find((found) => found !== undefined) ?? null;
  return { kind: 'missing_file', name, ...(type === 'PermissionError' ? { advice: MAY_NOT } : {}) };
}
