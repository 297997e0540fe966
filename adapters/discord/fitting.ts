import { type APIComponentInContainer, ComponentType } from 'discord-api-types/v10';
import type { FileRef } from '../../src/core/message.ts';
import { OVERFLOW_FILE } from '../../src/core/unsent-files.ts';
import { COMPONENTS_MAX, FILES_MAX, TEXT_TOTAL_MAX } from './limits.ts';

/** A file that goes with a message: a kept one, or text made here. */
export type Attached = { name: string; file: FileRef } | { name: string; text: string };

const MORE = '-# There is more: the whole text is attached.';
const LOST = '-# There is more than fits here.';

export type Components = APIComponentInContainer[];

interface Pieces {
  components: Components;
  files: Attached[];
}

/** What does not fit is attached whole, as plain text. */
export function withOverflow(
  components: Components,
  files: Attached[],
  cuts: readonly string[],
  whole: () => string,
  restIsLost: boolean,
): Pieces {
  if (cuts.length === 0) return { components, files };
  if (restIsLost)
    return { components: [...components, { type: ComponentType.TextDisplay, content: LOST }], files };
  return {
    components: [
      ...components,
      { type: ComponentType.TextDisplay, content: MORE },
      { type: ComponentType.File, file: { url: `attachment://${OVERFLOW_FILE}` } },
    ],
    files: [...files, { name: OVERFLOW_FILE, text: whole() }],
  };
}

export function fits({ components, files }: Pieces): boolean {
  let count = 1;
  let text = 0;
  for (const component of components) {
    count += 1;
    if (component.type === ComponentType.ActionRow) count += component.components.length;
    if (component.type === ComponentType.TextDisplay) text += component.content.length;
  }
  return count <= COMPONENTS_MAX && text <= TEXT_TOTAL_MAX && files.length <= FILES_MAX;
}

export function dropUntilFits(
  components: Components,
  files: Attached[],
  cuts: string[],
  restIsLost: boolean,
): void {
  const more = (kept: Components) =>
    withOverflow(kept, shownOf(files, kept), ['a block'], () => '', restIsLost);
  while (components.length > 0 && !fits(more(components))) {
    components.pop();
    cuts.push('a block');
  }
}

/** The files that components show: Discord refuses a message with one that none does. */
export function shownOf(files: readonly Attached[], components: Components): Attached[] {
  const urls = new Set(
    components.flatMap((component) =>
      'items' in component
        ? component.items.map(({ media }) => media.url)
        : 'file' in component
          ? [component.file.url]
          : [],
    ),
  );
  return files.filter(({ name }) => urls.has(`attachment://${name}`));
}
