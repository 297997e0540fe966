/** `#lr`, `(#warm-up)!`, `[#x]`, `#v1.2.`: a `#` that begins a word, and the word without the punctuation behind it. */
const TAG = /(?<![\p{L}\p{N}_/&#])#([\p{L}\p{N}_](?:[\p{L}\p{N}_.\-/]*[\p{L}\p{N}_])?)/gu;
const WHOLE = new RegExp(`^${TAG.source}$`, 'u');

/** A tag as people give it, with or without its `#`, in small letters; undefined for what cannot be one. */
export function tagOf(text: string): string | undefined {
  return WHOLE.exec(`#${text.trim().replace(/^#/, '')}`)?.[1]?.toLowerCase();
}

/** The tags in a text, in small letters. */
export function tagsIn(text: string): Set<string> {
  return new Set([...text.matchAll(TAG)].map((match) => match[1]!.toLowerCase()));
}

/** A text without a tag; lines without it stand as they stood, and one that was nothing else is gone. */
export function withoutTag(text: string, tag: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (!tagsIn(line).has(tag)) return [line];
      const rest = line.replace(TAG, (word, name: string) => (name.toLowerCase() === tag ? '' : word));
      const tidy = rest.replace(/ {2,}/g, ' ').trim();
      return tidy === '' ? [] : [tidy];
    })
    .join('\n');
}
