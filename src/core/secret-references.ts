import { isSecretName } from './secret-names.ts';

/** What is no secret under any name, placeholders and what stands where one was taken out among it. */
const NOTHING =
  /^(?:null|none|nil|true|false|undefined|required|optional|missing|~|\[\]|\{\}|\(\)|\((?:null|none)\)|\d{1,3}|[.…*x-]+|[\w-]{0,8}…|<[^<>]*>?|%\w+%|\$.*)$/i;
/** Code that names or makes one, as in a line of a traceback: a type, a keyword, a variable, a call, a comprehension. */
const TYPE =
  /^(?:str|string|bytes|int|float|bool|any|object|readonly|secretstr|(?:optional|union|list|dict|sequence)\b.*)$/i;
const KEYWORD = /^(?:new|await|yield|lambda|not|if|for|get|the|an?|is|was|in|of|and|or|to)$/i;
const VARIABLE = /^[A-Za-z_][\w.]*$/;
const CALL = /^[A-Za-z_][\w.]*\([^"'`]*$/;
const LOOKED_UP = /^(?:os\.)?(?:environ|getenv)\b|^self\.|^getpass/;
const COMPREHENSION = /^[[({][^"'`]*(?:\sfor\s|\()/;
const OPERATOR = /^[ \t]*(?:[+*/%]|-(?!>))[ \t]|^[[(]/;
/** What a file is to it: `socket=/run/munge.socket`. */
const PLACE_OF = /^(?:socket|file|path)=/i;
/** A file that holds it. */
const PATH = /^(?:~|\.{1,2})?\/(?:[\w.@-]+\/?)+$/;
const ROOT =
  /^(?:[~.]|\/(?:home|etc|run|var|tmp|usr|opt|srv|root|mnt|data|workspace|scratch|private|Users)\b)/;

/** Whether what stands for a secret names where it is, or that there is none, instead of being it. `after`: what follows. */
export function isReference(value: string, after: string): boolean {
  const text = value.trim();
  const inner = text.replace(/^b?[\\"'`]+|[\\"'`]+$/g, '');
  if (NOTHING.test(inner) || (VARIABLE.test(inner) && !/\d/.test(inner) && isSecretName(inner))) return true;
  const place = inner.replace(PLACE_OF, '');
  if (ROOT.test(place) && PATH.test(place)) return true;
  if (inner !== text) return false;
  const isCode = [TYPE, KEYWORD, CALL, LOOKED_UP, COMPREHENSION].some((pattern) => pattern.test(text));
  return isCode || (VARIABLE.test(text) && OPERATOR.test(after));
}
