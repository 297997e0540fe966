import type { Message } from './message.ts';
import type { LinkAsker } from './services/links.ts';

/** An account by its name and, since anybody can choose a name, by its id and platform: `Bea (U012AB3CD in Slack)`. */
export function askerText({ name, id, where }: LinkAsker): string {
  return `${name} (${id} in ${where})`;
}

/** Asks whoever gives their role away whether the account that asks for it is theirs. */
export function linkQuestion(code: string, asker: LinkAsker, person: string): Message {
  return {
    tone: 'warning',
    blocks: [
      {
        kind: 'text',
        text: [
          { bold: askerText(asker) },
          ' asks to be linked to ',
          { bold: person },
          ', and could then do all that you may, in your name. If that account is yours, confirm: ',
          { command: `link confirm ${code}` },
          '. If not, do nothing.',
        ],
      },
      {
        kind: 'buttons',
        buttons: [
          {
            label: 'Yes, it is mine',
            command: 'link',
            options: { action: 'confirm', code },
            style: 'primary',
          },
        ],
      },
    ],
  };
}
