/** The bot's own settings (see .env.example): no program that it starts needs them, and several are secrets. */
const OWN = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_API_URL',
  'DISCORD_TOKEN',
  'DISCORD_API_URL',
  'QUICKCHART_URL',
];
const OWN_PREFIX = 'XAXBOT_';
/** Names among them whose values must not come through under another name either. */
const SECRET = /TOKEN|SECRET/;
/** A shorter value is no token, and would be found in much that has nothing to do with it. */
const SECRET_MIN_LENGTH = 8;

/**
 * The environment of a child process: the given one without the bot's settings, also where a token stands in
 * another variable, and with what the caller adds. What is the researcher's own (HF_TOKEN, WANDB_API_KEY,
 * AWS_SECRET_ACCESS_KEY) stays: training needs it.
 */
export function childEnvironment(env: NodeJS.ProcessEnv, added: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const isOwn = (name: string) => OWN.includes(name) || name.startsWith(OWN_PREFIX);
  const secrets = Object.entries(env)
    .filter(([name, value]) => isOwn(name) && SECRET.test(name) && (value?.length ?? 0) >= SECRET_MIN_LENGTH)
    .map(([, value]) => value!);
  const kept = Object.entries(env).filter(
    ([name, value]) => !isOwn(name) && !secrets.some((secret) => value?.includes(secret)),
  );
  return { ...Object.fromEntries(kept), ...added };
}
