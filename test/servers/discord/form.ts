import type { Refusal } from './errors.ts';

export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Collects what is wrong with a request's body and refuses it once, with code 50035 and `errors` nested by path, as
 * reference (Error Messages) shows. Each check returns the value, or undefined when it is missing or wrong.
 */
export interface Form {
  at(...path: (string | number)[]): Form;
  problem(code: string, message: string): void;
  text(value: unknown, bounds: { least?: number; most: number; required?: boolean }): string | undefined;
  list(value: unknown, bounds: { least?: number; most: number; required?: boolean }): unknown[] | undefined;
  object(value: unknown): Json | undefined;
  number(value: unknown, bounds: { least: number; most: number }): number | undefined;
  oneOf<T>(value: unknown, accepted: readonly T[]): T | undefined;
  /** Throws the refusal if anything was wrong. */
  check(): void;
}

interface Problem {
  path: (string | number)[];
  code: string;
  message: string;
}

export function createForm(): Form {
  const problems: Problem[] = [];
  return formAt([], problems);
}

function formAt(path: (string | number)[], problems: Problem[]): Form {
  const problem = (code: string, message: string) => void problems.push({ path, code, message });
  const missing = () => problem('BASE_TYPE_REQUIRED', 'This field is required');
  const length = (least: number, most: number) =>
    problem('BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`);
  return {
    at: (...more) => formAt([...path, ...more], problems),
    problem,
    text(value, { least = 0, most, required }) {
      if (value === undefined || value === null) return required ? void missing() : undefined;
      if (typeof value !== 'string')
        return void problem('STRING_TYPE_CONVERT', 'Could not interpret value as string.');
      // Leading and trailing whitespace does not count (resources/message: Embed Limits).
      const characters = [...value.trim()].length;
      if (required && characters === 0 && least > 0) return void missing();
      if (characters < least) return void length(least, most);
      if (characters > most) {
        if (least > 0) length(least, most);
        else problem('BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
        return undefined;
      }
      return value;
    },
    list(value, { least = 0, most, required }) {
      if (value === undefined || value === null) return required ? void missing() : undefined;
      if (!Array.isArray(value))
        return void problem('LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
      if (value.length < least || value.length > most) return void length(least, most);
      return value;
    },
    object(value) {
      if (isJson(value)) return value;
      return void problem('MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    },
    number(value, { least, most }) {
      if (value === undefined || value === null) return undefined;
      if (typeof value !== 'number' || !Number.isFinite(value))
        return void problem('NUMBER_TYPE_COERCE', 'Value is not a number.');
      if (value < least || value > most)
        return void problem('NUMBER_TYPE_RANGE', `Value should be between ${least} and ${most}.`);
      return value;
    },
    oneOf(value, accepted) {
      const found = accepted.find((one) => one === value);
      if (found === undefined)
        problem('BASE_TYPE_CHOICES', `Value must be one of {${accepted.map(String).join(', ')}}.`);
      return found;
    },
    check() {
      if (problems.length > 0) throw invalidForm(problems);
    },
  };
}

function invalidForm(problems: Problem[]): Refusal {
  const errors: Json = {};
  for (const { path, code, message } of problems) {
    let node = errors;
    for (const step of path) {
      node[step] ??= {};
      node = node[step] as Json;
    }
    node._errors = [...((node._errors as unknown[] | undefined) ?? []), { code, message }];
  }
  return { refusal: true, status: 400, body: { message: 'Invalid Form Body', code: 50035, errors } };
}
