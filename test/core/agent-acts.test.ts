import { expect, it } from 'vitest';
import { agentActsPost } from '../../src/cards/agent-acts.ts';
import { type AgentActs, togetherWith } from '../../src/core/agent-acts.ts';
import { plainText } from '../../src/core/plain-text.ts';

const act = (agent: string, text: string): AgentActs => ({
  agent,
  counts: { note: 1 },
  latest: [{ command: 'note', message: { blocks: [{ kind: 'text', text }] } }],
});
const acts = (agents: number, each: number) =>
  Array.from({ length: agents * each }, (_, at) => act(`Agent ${at % agents}`, `text ${at}`)).reduce(
    (before, then) => togetherWith(before, then),
    [] as AgentActs[],
  );

it('what one agent did goes on in one entry, with its last answers', () => {
  expect(acts(1, 5)).toMatchObject([{ agent: 'Agent 0', counts: { note: 5 }, latest: { length: 3 } }]);
  expect(plainText(agentActsPost(acts(1, 5)))).toMatch(
    /^Agent 0 did 5 things on its own: note 5 times\. The last 3:/,
  );
});

it('of fifty agents each is counted, and the answers of the last are shown', () => {
  for (const each of [1, 20]) {
    const all = acts(50, each);
    expect(all.map(({ counts }) => counts.note)).toEqual(Array(50).fill(each));
    const shown = all.flatMap(({ latest }) => latest);
    expect(shown.length).toBeLessThanOrEqual(6);
    const text = plainText(agentActsPost(all));
    expect(text).toContain(`text ${50 * each - 1}`);
    expect(text.match(/on its own/g)).toHaveLength(50);
    expect(JSON.stringify(all).length).toBeLessThan(6_000);
  }
});
