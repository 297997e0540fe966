import { type Body, type Dialect, type Move, textOf } from './turn.ts';

/** Google's Gemini API. */
export const gemini: Dialect = {
  name: 'gemini',
  path: /^\/v1(beta)?\/models\/[^/:]+:(streamG|g)enerateContent/,
  read({ tools = [], contents, systemInstruction }: Body) {
    const parts: Body[] = contents.flatMap((content: Body) => content.parts ?? []);
    return {
      system: [systemInstruction?.parts, ...parts].map(textOf).join('\n'),
      tools: tools
        .flatMap((tool: Body) => tool.functionDeclarations ?? [])
        .map(({ name, description = '', parameters, ...json }: Body) => ({
          name,
          description,
          // Its JSON names a field in either way (ProtoJSON).
          schema: json.parametersJsonSchema ?? json.parameters_json_schema ?? parameters ?? {},
        })),
      results: parts
        .filter(({ functionResponse }) => functionResponse)
        .map(({ functionResponse: { name, response } }) => ({
          tool: name,
          text: textOf(response) || JSON.stringify(response),
          isError: 'error' in response || response.isError === true,
        })),
    };
  },
  answer: (move) => ({
    candidates: [{ index: 0, content: { role: 'model', parts: [part(move)] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
    modelVersion: 'scripted',
  }),
  stream: (move, id) => [{ data: gemini.answer(move, id) }],
  isStreamed: (_body, path) => path.includes(':streamGenerateContent'),
};

const part = (move: Move) =>
  'say' in move ? { text: move.say } : { functionCall: { name: move.tool, args: move.arguments } };
