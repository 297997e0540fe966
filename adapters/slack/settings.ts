import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SlackTimings } from './timings.ts';

/** How fast Slack may be talked to: messages a second in a channel, and edits a minute in all. */
export interface Pace {
  postsPerSecond: number;
  updatesPerMinute: number;
}

/** What Slack's adapter runs on. */
export interface SlackSettings {
  botToken: string;
  appToken: string;
  /** Slack's API elsewhere than at slack.com: GovSlack, or a test server. */
  apiUrl: string | undefined;
  /** How fast it may be called; by default Slack's own limits. */
  pace?: Pace;
  timings?: Partial<SlackTimings>;
}

const NEW_APP = 'https://api.slack.com/apps?new_app=1';

/** Where an app is made, with the manifest filled in where it is at hand (docs.slack.dev, "Configuring apps with app manifests"). */
export function newAppLink(): string {
  const places = ['../../slack-manifest.yaml', '../../../slack-manifest.yaml'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = paths.find((each) => existsSync(each));
  if (path === undefined) return NEW_APP;
  const manifest = readFileSync(path, 'utf8').replace(/^\s*#.*\n|[ \t]+# .*$/gm, '');
  return `${NEW_APP}&manifest_yaml=${encodeURIComponent(manifest)}`;
}
