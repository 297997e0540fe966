import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { snippetsOf } from '../snippets.ts';
import type { Driver } from './driver.ts';

export const claudeCode: Driver = ({ heading, installed, home, xaxbot, modelUrl }) => {
  const bin = join(installed, 'node_modules/.bin');
  const env = {
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
  };
  const [add] = snippetsOf(heading, xaxbot);
  execFileSync('sh', ['-c', add!], {
    cwd: home,
    env: { ...env, HOME: home, PATH: `${bin}:${process.env.PATH}` },
    timeout: 60_000,
  });
  return {
    command: join(bin, 'claude'),
    args: ['-p', 'Go on.', '--allowedTools', 'mcp__xaxbot'],
    env,
  };
};
