import { errorText } from '../core/errors.ts';

/** What a YAML parser says is wrong, in one line, without the excerpt below it. */
export function yamlProblem(error: unknown): string {
  return errorText(error).split('\n')[0]!.replace(/:$/, '');
}
