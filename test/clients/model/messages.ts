import { type Body, type Dialect, type Move, type StreamEvent, textOf } from './turn.ts';

const USAGE = { input_tokens: 10, output_tokens: 10 };

/** Anthropic's Messages API. */
export const messages: Dialect = {
  name: 'messages',
  path: /^\/v1\/messages(\?|$)/,
  read({ tools = [], messages, system }: Body) {
    const parts: Body[] = messages.flatMap(({ content }: Body) => (Array.isArray(content) ? content : []));
    const names = new Map(parts.filter(({ type }) => type === 'tool_use').map(({ id, name }) => [id, name]));
    return {
      system: [system, ...messages.filter(({ role }: Body) => role !== 'assistant').map(withoutResults)]
        .map(textOf)
        .join('\n'),
      tools: tools
        .filter((tool: Body) => tool.input_schema)
        .map(({ name, description = '', input_schema: schema }: Body) => ({ name, description, schema })),
      results: parts
        .filter(({ type }) => type === 'tool_result')
        .map(({ tool_use_id, content, is_error: isError = false }) => ({
          tool: names.get(tool_use_id),
          text: textOf(content),
          isError,
        })),
    };
  },
  answer: (move, id) => ({ ...head(id), content: [block(move, id)], stop_reason: reason(move) }),
  stream(move, id): StreamEvent[] {
    const delta =
      'say' in move
        ? { type: 'text_delta', text: move.say }
        : { type: 'input_json_delta', partial_json: JSON.stringify(move.arguments) };
    const start = 'say' in move ? { type: 'text', text: '' } : { ...block(move, id), input: {} };
    const events: ({ type: string } & Record<string, unknown>)[] = [
      { type: 'message_start', message: { ...head(id), content: [] } },
      { type: 'content_block_start', index: 0, content_block: start },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: reason(move), stop_sequence: null }, usage: USAGE },
      { type: 'message_stop' },
    ];
    return events.map((data) => ({ event: data.type, data }));
  },
  isStreamed: ({ stream }) => stream === true,
};

const withoutResults = ({ content }: Body) =>
  Array.isArray(content) ? content.filter(({ type }) => type === 'text') : content;

const head = (id: string) => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  model: 'scripted',
  stop_reason: null,
  stop_sequence: null,
  usage: USAGE,
});

const block = (move: Move, id: string) =>
  'say' in move
    ? { type: 'text', text: move.say }
    : { type: 'tool_use', id: `toolu_${id}`, name: move.tool, input: move.arguments };

const reason = (move: Move) => ('say' in move ? 'end_turn' : 'tool_use');
