import { expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import { toyBot } from '../toy-bot.ts';

it('shows a run alone that there is nothing to compare with, and says so', async () => {
  const world = await toyBot();
  try {
    const { jobId } = await world.enqueue(0.2);
    await world.heardOfEnd(jobId);
    const alone = await world.ask(`compare ${jobId}`);
    expect(alone.ok).toBe(true);
    expect(plainText(alone.message)).toMatch(
      /Chart of value\/loss\. job-0000001.*job-0000001 has no parent, and there is no best run of its task\./s,
    );
  } finally {
    await world.stop();
  }
});
