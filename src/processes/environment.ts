import { isSecretName, SECRET_MIN_LENGTH } from '../core/secret-names.ts';

const OWN_PREFIX = 'XAXBOT_';

/**
 * The environment of a child process: the given one without the bot's own settings (`own`, and what begins with
 * XAXBOT_), also where one of its secrets (in `settings`: what it reads them from, `.env` included) stands in another
 * variable: no program that it starts needs them. What is the researcher's own (HF_TOKEN, WANDB_API_KEY,
 * AWS_SECRET_ACCESS_KEY) stays: training needs it.
 */
export function childEnvironment(
  env: NodeJS.ProcessEnv,
  own: readonly string[],
  settings: NodeJS.ProcessEnv = env,
): NodeJS.ProcessEnv {
  const isOwn = (name: string) => own.includes(name) || name.startsWith(OWN_PREFIX);
  const secrets = Object.entries(settings)
    .filter(([name, value = '']) => isOwn(name) && isSecretName(name) && value.length >= SECRET_MIN_LENGTH)
    .map(([, value]) => value!);
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => !isOwn(name) && !secrets.some((secret) => value?.includes(secret)),
    ),
  );
}
