import { clip } from './clip.ts';
import { inlines, type Text } from './message.ts';
import { plainInline } from './plain-text.ts';

/** Running text of at most `length` characters; `cut` when it had more. */
export function clipText(text: Text, length: number): { text: Text; cut: boolean } {
  let left = length;
  const kept: Text[] = [];
  for (const piece of inlines(text)) {
    const taken = plainInline(piece).length;
    if (taken > left) {
      if (typeof piece === 'string' && left > 1) kept.push(clip(piece, left));
      return { text: kept.flat(), cut: true };
    }
    kept.push(piece);
    left -= taken;
  }
  return { text, cut: false };
}

const PROGRESS_CELLS = 16;

/** A bar for platforms that have none of their own; empty for a fraction that is not known. */
export function progressBar(fraction: number | null): string {
  if (fraction === null) return '';
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * PROGRESS_CELLS);
  return `${'▰'.repeat(full)}${'▱'.repeat(PROGRESS_CELLS - full)}  `;
}
