import { it } from 'vitest';
import { createMasker } from '../../../adapters/mcp/mask.ts';
import { toolResult } from '../../../adapters/mcp/result.ts';
import { withoutUnseen } from '../../../src/core/unseen.ts';
import { tryTexts } from './faults.ts';
import { placed } from './placed.ts';

/** What a model reads of a tool's answer besides the words that it is told not to trust. */
function outside(answer: Record<string, unknown>): string {
  const { untrusted_text: _untrusted, ...rest } = answer;
  return JSON.stringify(rest);
}

it('a model is given what people wrote in one place, and all of it can be seen', async ({ task }) => {
  const attack = 'texts in every place of a message and in data, as a tool gives them to a model';
  await tryTexts(task, { attack, ci: 50 }, (text, index, mark) =>
    placed(text, index).flatMap(({ place, message }) => {
      const data = { text, [text]: text, rows: [{ hypothesis: text, status: 'failed' }] };
      const reply = { message, visibility: 'private' as const, ok: true, final: true, data };
      const result = toolResult(
        reply,
        { masker: createMasker([]), queue: 'gpu1' },
        { texts: [text], data: 'all' },
      );
      const found: string[] = [];
      for (const content of result.content) {
        if (content.type !== 'text') continue;
        if (withoutUnseen(content.text) !== content.text)
          found.push(`${place}, unseen: ${content.text.slice(0, 200)}`);
        const answer = JSON.parse(content.text) as Record<string, unknown>;
        if (outside(answer).includes(mark)) found.push(`${place}, outside: ${outside(answer)}`);
        if (!String(answer.untrusted_text).includes(mark)) found.push(`${place}, says: nothing of it`);
      }
      return found;
    }),
  );
});
