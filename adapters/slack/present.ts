import type { Message } from '../../src/core/message.ts';
import { OVERFLOW_FILE, type Unsent, withoutUnsent } from '../../src/core/unsent-files.ts';
import type { Rendered } from './render.ts';
import type { SlackUploads } from './uploads.ts';

/** Draws a message with the images that Slack has; `rest`: how what does not fit is had, null where it is not. */
export type Draw = (
  message: Message,
  images: ReadonlyMap<string, string>,
  rest: string | null | undefined,
) => Rendered;

/**
 * Makes what Slack is sent of a message: with its images, uploaded for its `owner`, and with the reason for what could not
 * be sent, be it an image or a file that was to follow (`unsent`).
 */
export function createPresent({ uploads, draw }: { uploads: SlackUploads; draw: Draw }) {
  return async function present(
    message: Message,
    owner: string,
    { unsent = new Map(), rest }: { unsent?: Unsent; rest?: string | null } = {},
  ): Promise<Rendered> {
    const images = await uploads.images(message, owner);
    const lacking = new Map([...unsent, ...images.unsent]);
    return draw(withoutUnsent(message, lacking), images.ids, lacking.has(OVERFLOW_FILE) ? null : rest);
  };
}

export type Present = ReturnType<typeof createPresent>;
