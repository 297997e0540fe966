import { FLAGS } from './bits.ts';
import type { Body } from './body.ts';
import { checkComponents } from './components.ts';
import { checkEmbeds } from './embeds.ts';
import { refuse } from './errors.ts';
import { createForm, type Form, isJson, type Json } from './form.ts';
import { MESSAGE } from './limits.ts';
import { type AllowedMentions, readAllowedMentions, type Voice } from './mentions.ts';
import { referencedNames } from './payloads/message.ts';
import type { Attachment, StoredMessage } from './world.ts';

/** A message's changeable parts as they will be after a send or an edit. */
export interface Draft
  extends Pick<StoredMessage, 'content' | 'embeds' | 'components' | 'attachments' | 'flags'> {
  allowed: AllowedMentions;
  nonce: string | number | null;
  enforceNonce: boolean;
  replyTo: string | null;
}

const SENT = FLAGS.SUPPRESS_EMBEDS | FLAGS.SUPPRESS_NOTIFICATIONS | FLAGS.COMPONENTS_V2;
const EDITED = FLAGS.SUPPRESS_EMBEDS | FLAGS.COMPONENTS_V2;

interface DraftContext {
  body: Body;
  voice: Voice;
  /** The message being edited; null for a new one. */
  current: StoredMessage | null;
  newId(): string;
  /** Where in the request the message stands: [] or ['data']. */
  path?: string[];
}

/**
 * Reads a send or an edit, merged over the current message, and checks the outcome: 50035 with nested errors, 50006
 * when nothing would be left to show.
 */
export function readDraft({ body, voice, current, newId, path = [] }: DraftContext): Draft {
  const form = createForm().at(...path);
  const { json } = body;
  const flags = readFlags(form.at('flags'), json.flags, current, voice);
  const v2 = (flags & FLAGS.COMPONENTS_V2) !== 0;
  const kept = <T>(key: string, empty: T, now: T, given: () => T): T =>
    !(key in json) ? now : json[key] === null ? empty : given();
  const content = kept(
    'content',
    '',
    current?.content ?? '',
    () => form.at('content').text(json.content, { most: MESSAGE.content }) ?? '',
  );
  const embeds = kept('embeds', [], current?.embeds ?? [], () => checkEmbeds(form.at('embeds'), json.embeds));
  const components = kept('components', [], current?.components ?? [], () =>
    checkComponents(form.at('components'), json.components, v2),
  );
  const attachments = readAttachments(form.at('attachments'), body, current, newId);
  if (v2) checkV2(form, { content, embeds, components, attachments });
  const names = new Set(attachments.map(({ filename }) => filename));
  for (const name of referencedNames([embeds, components]))
    if (!names.has(name))
      form.problem(
        'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
        `The referenced attachment could not be found: ${name}`,
      );
  const nonce = readNonce(form.at('nonce'), json.nonce);
  const allowed = readAllowedMentions(form.at('allowed_mentions'), json.allowed_mentions, voice);
  const reference = isJson(json.message_reference) ? json.message_reference.message_id : undefined;
  form.check();
  if (!content.trim() && embeds.length + components.length + attachments.length === 0) throw refuse(50006);
  return {
    content: content.trim(),
    embeds,
    components,
    attachments,
    flags,
    allowed,
    nonce,
    enforceNonce: json.enforce_nonce === true,
    replyTo: typeof reference === 'string' ? reference : null,
  };
}

function readFlags(form: Form, value: unknown, current: StoredMessage | null, voice: Voice): number {
  const now = current?.flags ?? 0;
  if (value === undefined || value === null) return now;
  const given = form.number(value, { least: 0, most: 2 ** 31 - 1 }) ?? 0;
  const settable = current ? EDITED : SENT | (voice === 'interaction' ? FLAGS.EPHEMERAL : 0);
  if (given & ~settable & ~now)
    form.problem('MESSAGE_FLAGS_INVALID', `Flags ${given & ~settable} cannot be set`);
  if (now & FLAGS.COMPONENTS_V2 && !(given & FLAGS.COMPONENTS_V2))
    form.problem('MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG', 'IS_COMPONENTS_V2 cannot be removed');
  return (now & ~settable) | (given & settable) | (now & FLAGS.COMPONENTS_V2);
}

function checkV2(form: Form, draft: Pick<Draft, 'content' | 'embeds' | 'components' | 'attachments'>): void {
  const clash = (key: string) =>
    form
      .at(key)
      .problem(
        'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
        `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
      );
  if (draft.content) clash('content');
  if (draft.embeds.length > 0) clash('embeds');
  // "Attachments won't show by default - they must be exposed through components": silence is no use to a test.
  const shown = referencedNames(draft.components);
  for (const { filename, id } of draft.attachments) {
    const byId = JSON.stringify(draft.components).includes(`/${id}/`);
    if (!shown.has(filename) && !byId)
      form.at('attachments').problem('UNREFERENCED_ATTACHMENT', `${filename} is shown by no component`);
  }
}

function readNonce(form: Form, value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  return form.text(value, { most: MESSAGE.nonce }) ?? null;
}

/**
 * The files after the request: without `attachments` all current ones and the new; with it exactly those it lists,
 * current ones by id and new ones by the n of `files[n]` (resources/message: Edit Message; reference: Editing Message
 * Attachments).
 */
function readAttachments(
  form: Form,
  { json, files }: Body,
  current: StoredMessage | null,
  newId: () => string,
): Attachment[] {
  const before = current?.attachments ?? [];
  const created = (index: string, about: Json): Attachment => {
    const { filename, contentType, bytes } = files.get(index)!;
    return {
      id: newId(),
      filename: String(about.filename ?? filename).replace(/[^\w.-]/g, '_'),
      size: bytes.byteLength,
      contentType,
      ...(typeof about.description === 'string' ? { description: about.description } : {}),
      spoiler: about.is_spoiler === true || filename.startsWith('SPOILER_'),
      bytes,
    };
  };
  const list = 'attachments' in json ? (json.attachments ?? []) : undefined;
  const after =
    list === undefined
      ? [...before, ...[...files.keys()].map((index) => created(index, {}))]
      : (form.list(list, { most: 100 }) ?? []).flatMap((value, index): Attachment[] => {
          const at = form.at(index);
          const about = at.object(value);
          if (!about) return [];
          at.at('description').text(about.description, { most: MESSAGE.attachmentDescription });
          const id = String(about.id);
          const old = before.find((file) => file.id === id);
          if (old)
            return [
              {
                ...old,
                ...(typeof about.description === 'string' ? { description: about.description } : {}),
              },
            ];
          if (files.has(id)) return [created(id, about)];
          at.at('id').problem('ATTACHMENT_NOT_FOUND', 'Attachment data not found');
          return [];
        });
  if (after.length > MESSAGE.attachments) throw refuse(30015);
  return after;
}
