import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { snippetsOf } from '../snippets.ts';
import type { Driver } from './driver.ts';

export const codex: Driver = ({ heading, installed, home, xaxbot, modelUrl }) => {
  const [server] = snippetsOf(heading, xaxbot);
  const model = `model = "scripted"
model_provider = "scripted"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "scripted"
base_url = "${modelUrl}/v1"
wire_api = "responses"
`;
  mkdirSync(join(home, '.codex'));
  writeFileSync(join(home, '.codex/config.toml'), `${model}\n${server}`);
  return {
    command: join(installed, 'node_modules/.bin/codex'),
    args: ['exec', '--skip-git-repo-check', 'Go on.'],
  };
};
