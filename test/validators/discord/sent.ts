import type { render } from '../../../adapters/discord/render.ts';
import { requestProblems } from './requests.ts';

/** What Discord would refuse of a rendered message that is posted anew with its files. */
export function sentProblems({ container, files, mentions }: ReturnType<typeof render>): string[] {
  const body = {
    flags: 1 << 15,
    components: [container],
    allowed_mentions: { parse: [], users: mentions },
    attachments: files.map(({ name }, index) => ({ id: String(index), filename: name })),
  };
  const uploads = new Map(files.map(({ name }, index) => [String(index), name]));
  return requestProblems('POST', '/channels/1/messages', body, { uploads, kept: new Map() });
}
