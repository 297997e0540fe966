const OWN_PREFIX = 'XAXBOT_';
/** Names among the bot's own whose values must not come through under another name either. */
const SECRET = /TOKEN|SECRET/;
/** A shorter value is no token, and would be found in much that has nothing to do with it. */
const SECRET_MIN_LENGTH = 8;

/**
 * The environment of a child process: the given one without the bot's own settings (`own`, and what begins with
 * XAXBOT_), also where a token stands in another variable: no program that it starts needs them. What is the researcher's own (HF_TOKEN, WANDB_API_KEY,
 * AWS_SECRET_ACCESS_KEY) stays: training needs it.
 */
export function childEnvironment(env: NodeJS.ProcessEnv, own: readonly string[]): NodeJS.ProcessEnv {
  const isOwn = (name: string) => own.includes(name) || name.startsWith(OWN_PREFIX);
  const secrets = Object.entries(env)
    .filter(([name, value]) => isOwn(name) && SECRET.test(name) && (value?.length ?? 0) >= SECRET_MIN_LENGTH)
    .map(([, value]) => value!);
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => !isOwn(name) && !secrets.some((secret) => value?.includes(secret)),
    ),
  );
}
