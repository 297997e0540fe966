import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { snippetsOf } from '../snippets.ts';
import type { Driver } from './driver.ts';

export const geminiCli: Driver = ({ heading, installed, home, xaxbot, modelUrl }) => {
  const [settings] = snippetsOf(heading, xaxbot);
  mkdirSync(join(home, '.gemini'));
  writeFileSync(
    join(home, '.gemini/settings.json'),
    JSON.stringify({
      ...JSON.parse(settings!),
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
      telemetry: { enabled: false },
    }),
  );
  return {
    command: join(installed, 'node_modules/.bin/gemini'),
    args: ['-m', 'gemini-2.5-pro', '-p', 'Go on.'],
    env: { GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: modelUrl },
  };
};
