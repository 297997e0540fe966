import { beginning, between } from '../../src/core/clip.ts';
import type { FileRef, Message } from '../../src/core/message.ts';

/** Of a file, this much is given with a tool's answer, characters. */
const FILE_MAX = 8_000;

/** A file of the bot's; undefined when it is not there. */
export type ReadFile = (ref: FileRef) => Promise<Buffer | undefined>;

/** What a person would download, a model reads. */
export async function textsOf({ blocks }: Message, readFile: ReadFile): Promise<string[]> {
  const texts = blocks.flatMap((block) =>
    block.kind === 'file'
      ? readFile(block.file).then((bytes) => (bytes === undefined ? [] : [named(block.name, bytes)]))
      : [],
  );
  return (await Promise.all(texts)).flat();
}

/** PNG. */
export async function chartsOf({ blocks }: Message, readFile: ReadFile): Promise<Buffer[]> {
  const images = blocks.filter((block) => block.kind === 'image');
  return (await Promise.all(images.map(({ image }) => readFile(image)))).filter((png) => png !== undefined);
}

/** The whole first file; undefined where there is none. */
export async function wholeFileOf({ blocks }: Message, readFile: ReadFile): Promise<string | undefined> {
  const block = blocks.find(({ kind }) => kind === 'file');
  return block?.kind === 'file' ? (await readFile(block.file))?.toString('utf8') : undefined;
}

function named(name: string, bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const more = text.length - FILE_MAX;
  if (more <= 0) return `${name}:\n${text}`;
  const half = FILE_MAX / 2;
  const [head, tail] = [beginning(text, half), between(text, half + more, text.length)];
  return `${name}:\n${head}\n(${more} characters are cut here)\n${tail}`;
}
