import type { Move, SeenTool, Turn } from './model/turn.ts';

/** What the model proposes to queue. */
export const PROPOSED = { preset: 'toy', settings: { learning_rate: 0.02, optimizer: 'sgd' } };
/** Claude Code gives a server's tools to a model that looks for them. */
const SEARCH = 'ToolSearch';
/** More waits for a decision than any client needs to make of it. */
const WAITS_MAX = 20;

/** What a client's tool is called at the server: clients put a server's name before it, in ways of their own. */
export function ownName(tool: string): string {
  return tool.replace(/^.*xaxbot(__|[_/.-])/, '');
}

/** The parts of a script that a conversation has come through. */
export interface Progress {
  status?: string;
  proposed?: string;
  waits: string[];
  refused?: { text: string; isError: boolean | undefined };
}

/** What the model has heard so far. */
export function progressOf(turn: Turn): Progress {
  const results = turn.results.filter(({ tool }) => tool !== SEARCH);
  const [status, proposed, ...rest] = results;
  const last = rest.at(-1);
  const isRefused = last !== undefined && ownName(last.tool) === 'job';
  return {
    status: status?.text,
    proposed: proposed?.text,
    waits: (isRefused ? rest.slice(0, -1) : rest).map(({ text }) => text),
    ...(isRefused ? { refused: { text: last.text, isError: last.isError } } : {}),
  };
}

/** Whether an answer to a wait says that the decision has fallen. */
export const isDecided = (text: string): boolean => /approved by/i.test(text);

/** The script: reads the status, proposes a run, waits for the decision, asks for a job that is not there, and is done. */
export function nextMove(turn: Turn): Move {
  const use = (name: string, args: Record<string, unknown>): Move => ({
    tool: toolNamed(turn.tools, name)!.name,
    arguments: args,
  });
  if (!toolNamed(turn.tools, 'status')) {
    const canSearch = turn.tools.some(({ name }) => name === SEARCH) && turn.results.length === 0;
    return canSearch ? { tool: SEARCH, arguments: { query: '+xaxbot', max_results: 100 } } : { say: 'ok' };
  }
  const { status, proposed, waits, refused } = progressOf(turn);
  if (status === undefined) return use('status', {});
  if (proposed === undefined) return use('queue', PROPOSED);
  if (refused) return { say: 'Done.' };
  const isOver = waits.length > WAITS_MAX || isDecided(waits.at(-1) ?? '');
  return isOver ? use('job', { job: '4711' }) : use('wait', { proposal: 1 });
}

const toolNamed = (tools: readonly SeenTool[], name: string) =>
  tools.find((tool) => ownName(tool.name) === name);
