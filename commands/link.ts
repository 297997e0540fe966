import { defineCommand } from '../src/core/command.ts';
import type { Inline } from '../src/core/message.ts';

type LinkData =
  | { step: 'code'; code: string; elsewhere: { line: string; where: readonly string[] }[] }
  | { step: 'claimed'; first: string; person: string }
  | { step: 'linked'; person: string; platform: string; account: string }
  | { step: 'removed'; was: boolean };

export const link = defineCommand({
  name: 'link',
  group: 'You and the chat',
  summary: 'Link your accounts in Slack, Discord, the web chat and the terminal',
  examples: ['link', 'link K7MPQ2XWTR', 'link confirm K7MPQ2XWTR', 'link remove'],
  options: {
    action: {
      type: 'choice',
      choices: ['confirm', 'remove'],
      description: 'confirm: yes, that was me; remove: unlink this account',
    },
    code: { type: 'text', maxLength: 40, description: 'the code that the other app gave you' },
  },
  services: ['links'],
  role: 'viewer',
  visibility: 'private',
  changes: true,
  agents: 'never',
  async run({ action, code }, { caller, services: { links } }): Promise<LinkData> {
    if (action === 'remove') return { step: 'removed', was: links.remove(caller) };
    if (code === undefined) return { step: 'code', ...links.begin(caller) };
    if (action === 'confirm') return { step: 'linked', ...links.confirm(code, caller) };
    return { step: 'claimed', ...links.claim(code, caller) };
  },
  view(data) {
    switch (data.step) {
      case 'code':
        return {
          blocks: [
            {
              kind: 'text',
              text: [
                'In the other app, within ten minutes, send: ',
                ...data.elsewhere.flatMap(({ line, where }, index): Inline[] => [
                  index === 0 ? '' : '; ',
                  { code: line },
                  ` (${where.join(', ')})`,
                ]),
                '. Then confirm it here.',
              ],
            },
          ],
        };
      case 'claimed':
        return {
          blocks: [
            {
              kind: 'text',
              text: [
                'Now confirm in the app where you started (',
                data.first,
                '), so that nobody else can become ',
                { bold: data.person },
                '.',
              ],
            },
          ],
        };
      case 'linked':
        return {
          tone: 'good',
          blocks: [
            {
              kind: 'text',
              text: [
                { bold: data.account },
                ` of ${data.platform} is `,
                { bold: data.person },
                ' from now on.',
              ],
            },
          ],
        };
      case 'removed':
        return {
          blocks: [
            {
              kind: 'text',
              text: data.was ? 'This account is no longer linked.' : 'This account was not linked.',
            },
          ],
        };
    }
  },
});
