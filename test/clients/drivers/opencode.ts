import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { snippetsOf } from '../snippets.ts';
import type { Driver } from './driver.ts';

export const opencode: Driver = ({ heading, installed, home, xaxbot, modelUrl }) => {
  const [settings] = snippetsOf(heading, xaxbot);
  writeFileSync(
    join(home, 'opencode.json'),
    JSON.stringify({
      ...JSON.parse(settings!),
      autoupdate: false,
      share: 'disabled',
      model: 'scripted/scripted',
      provider: {
        scripted: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: `${modelUrl}/v1`, apiKey: 'none' },
          models: { scripted: { tool_call: true, limit: { context: 200_000, output: 8_000 } } },
        },
      },
    }),
  );
  return {
    command: join(installed, 'node_modules/.bin/opencode'),
    args: ['run', 'Go on.'],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    },
  };
};
