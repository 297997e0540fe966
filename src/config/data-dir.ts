import { withDotenv } from './environment.ts';
import { dataDir } from './paths.ts';

/**
 * The data folder alone, which xaxbot.yaml says nothing of: whoever only asks a running bot minds no other settings. Errors
 * `config`, `not-ours`.
 */
export function loadDataDir({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): string {
  return dataDir(withDotenv(env, cwd).env, cwd);
}
