import { type Body, type Dialect, type Move, type SeenTool, type StreamEvent, textOf } from './turn.ts';

/** OpenAI's Responses API, with tools in namespaces, whose names are joined with `NAMESPACE/`. */
export const responses: Dialect = {
  name: 'responses',
  path: /^\/v1\/responses$/,
  read({ tools = [], input, instructions = '' }: Body) {
    const items: Body[] = Array.isArray(input) ? input : [];
    const calls = items.filter(({ type }) => type === 'function_call');
    const names = new Map(calls.map(({ call_id, name }) => [call_id, name]));
    return {
      system: [instructions, ...items.filter(({ role }) => role && role !== 'assistant')]
        .map(textOf)
        .join('\n'),
      tools: tools.flatMap((tool: Body) => functions(tool, '')),
      results: items
        .filter(({ type }) => type === 'function_call_output')
        .map(({ call_id, output }) => ({ tool: names.get(call_id), text: textOf(output) })),
    };
  },
  answer: (move, id) => response(id, 'completed', [item(move, id, 'completed')]),
  stream(move, id): StreamEvent[] {
    const done = item(move, id, 'completed');
    const events: ({ type: string } & Record<string, unknown>)[] = [
      { type: 'response.created', response: response(id, 'in_progress', []) },
      { type: 'response.output_item.added', output_index: 0, item: item(move, id, 'in_progress') },
      ...('say' in move
        ? []
        : [
            {
              type: 'response.function_call_arguments.done',
              item_id: done.id,
              output_index: 0,
              arguments: JSON.stringify(move.arguments),
            },
          ]),
      { type: 'response.output_item.done', output_index: 0, item: done },
      { type: 'response.completed', response: response(id, 'completed', [done]) },
    ];
    return events.map((data, sequence_number) => ({ event: data.type, data: { ...data, sequence_number } }));
  },
  isStreamed: ({ stream }) => stream === true,
};

const SEPARATOR = '/';

function functions(
  { type, name, description = '', parameters: schema, tools = [] }: Body,
  within: string,
): SeenTool[] {
  if (type === 'namespace') return tools.flatMap((tool: Body) => functions(tool, `${name}${SEPARATOR}`));
  return type === 'function' ? [{ name: within + name, description, schema }] : [];
}

function item(move: Move, id: string, status: string) {
  if ('say' in move)
    return {
      type: 'message',
      id: `msg_${id}`,
      role: 'assistant',
      status,
      content: [{ type: 'output_text', text: move.say, annotations: [] }],
    };
  const [name, namespace] = move.tool.split(SEPARATOR).reverse();
  return {
    type: 'function_call',
    id: `fc_${id}`,
    call_id: `call_${id}`,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    arguments: JSON.stringify(move.arguments),
    status,
  };
}

const response = (id: string, status: string, output: object[]) => ({
  id: `resp_${id}`,
  object: 'response',
  created_at: 1_700_000_000,
  model: 'scripted',
  status,
  output,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: false,
  tool_choice: 'auto',
  tools: [],
  temperature: 1,
  top_p: 1,
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 20,
  },
});
