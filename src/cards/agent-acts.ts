import type { AgentActs } from '../core/agent-acts.ts';
import { counted } from '../core/counted.ts';
import type { Block, Inline, Message } from '../core/message.ts';

/** What agents did on their own, with the answers they got; their buttons are the agents'. Of many, the last ones. */
export function agentActsPost(agents: readonly AgentActs[]): Message {
  const posts = agents.map(ofAgent);
  return posts.length === 1 ? posts[0]! : { blocks: posts.flatMap(({ blocks }) => blocks) };
}

function ofAgent({ agent, counts, latest }: AgentActs): Message {
  const all = Object.entries(counts);
  const count = all.reduce((sum, [, each]) => sum + each, 0);
  const [only] = latest;
  if (count === 1 && only) return actPost([{ bold: agent }, ' did this on its own: '], only);
  const named = all.flatMap(([command, each], index): Inline[] => [
    index === 0 ? '' : ', ',
    { code: command },
    each === 1 ? '' : ` ${counted(each, 'time')}`,
  ]);
  const rest = latest.length > 0 && count > latest.length ? ` The last ${latest.length}:` : '';
  const head: Block = {
    kind: 'text',
    text: [{ bold: agent }, ` did ${counted(count, 'thing')} on its own: `, ...named, `.${rest}`],
  };
  return { blocks: [head, ...latest.flatMap((act) => actPost([], act).blocks)] };
}

function actPost(before: Inline[], { command, message }: AgentActs['latest'][number]): Message {
  const blocks = message.blocks.filter(({ kind }) => kind !== 'buttons');
  return {
    ...message,
    blocks: [{ kind: 'text', text: [...before, { code: command }] }, ...blocks],
  };
}
