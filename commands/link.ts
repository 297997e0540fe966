import { defineCommand } from '../src/core/command.ts';
import { askerText, linkQuestion } from '../src/core/link-question.ts';
import type { Inline } from '../src/core/message.ts';
import type { LinkAsker } from '../src/core/services/links.ts';

type LinkData =
  | {
      step: 'code';
      code: string;
      elsewhere: { line: string; where: readonly string[] }[];
      /** They confirm here, being whose role is given away. */
      gives: boolean;
    }
  /** `confirmIn`: where the person is asked to confirm; null: here. */
  | { step: 'claimed'; code: string; person: string; asker: LinkAsker; confirmIn: string | null }
  | { step: 'linked'; person: string; account: LinkAsker }
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
    return { step: 'claimed', code, ...links.claim(code, caller) };
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
                data.gives
                  ? '. Then confirm it here.'
                  : '. Whose role you are to have is then asked there whether this account is theirs.',
              ],
            },
          ],
        };
      case 'claimed':
        if (data.confirmIn === null) return linkQuestion(data.code, data.asker, data.person);
        return {
          blocks: [
            {
              kind: 'text',
              text: [
                { bold: data.person },
                ` now confirms in ${data.confirmIn} that ${askerText(data.asker)} is theirs. From then on you are `,
                { bold: data.person },
                ' here.',
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
              text: [{ bold: askerText(data.account) }, ' is ', { bold: data.person }, ' from now on.'],
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
