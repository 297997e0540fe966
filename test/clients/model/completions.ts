import { type Body, type Dialect, type Move, textOf } from './turn.ts';

const USAGE = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };

/** OpenAI's Chat Completions API, which most other models serve too. */
export const completions: Dialect = {
  name: 'completions',
  path: /^\/v1\/chat\/completions$/,
  read({ tools = [], messages }: Body) {
    const calls: Body[] = messages.flatMap(({ tool_calls }: Body) => tool_calls ?? []);
    const names = new Map(calls.map(({ id, function: { name } }) => [id, name]));
    return {
      system: messages
        .filter(({ role }: Body) => role === 'system' || role === 'developer')
        .map(textOf)
        .join('\n'),
      tools: tools.map(({ function: { name, description = '', parameters: schema } }: Body) => ({
        name,
        description,
        schema,
      })),
      results: messages
        .filter(({ role }: Body) => role === 'tool')
        .map(({ tool_call_id, content }: Body) => ({ tool: names.get(tool_call_id), text: textOf(content) })),
    };
  },
  answer: (move, id) => ({
    ...head(id, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, ...said(move, id) },
        finish_reason: reason(move),
      },
    ],
    usage: USAGE,
  }),
  stream: (move, id) => [
    { data: chunk(id, { role: 'assistant', ...said(move, id) }, null) },
    { data: { ...chunk(id, {}, reason(move)), usage: USAGE } },
    { data: '[DONE]' },
  ],
  isStreamed: ({ stream }) => stream === true,
};

const head = (id: string, object: string) => ({
  id: `chatcmpl-${id}`,
  object,
  created: 1_700_000_000,
  model: 'scripted',
});

const chunk = (id: string, delta: object, finish_reason: string | null) => ({
  ...head(id, 'chat.completion.chunk'),
  choices: [{ index: 0, delta, finish_reason }],
});

const said = (move: Move, id: string) =>
  'say' in move
    ? { content: move.say }
    : {
        tool_calls: [
          {
            index: 0,
            id: `call_${id}`,
            type: 'function',
            function: { name: move.tool, arguments: JSON.stringify(move.arguments) },
          },
        ],
      };

const reason = (move: Move) => ('say' in move ? 'stop' : 'tool_calls');
