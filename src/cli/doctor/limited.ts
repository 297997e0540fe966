import { errorText } from '../../core/errors.ts';
import { type Finding, failure } from '../../core/finding.ts';

/** What a check finds within its time, milliseconds; one that fails, or says nothing until then, is a failure itself. */
export async function limited(
  name: string,
  timeoutMs: number,
  check: () => Promise<Finding[]> | Finding[],
): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(
      () =>
        resolve([
          failure(name, `no answer within ${timeoutMs / 1_000} s`, 'look what holds it up, and try again'),
        ]),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([Promise.resolve().then(check), silent]);
  } catch (error) {
    return [failure(name, errorText(error))];
  } finally {
    clearTimeout(timer);
  }
}
