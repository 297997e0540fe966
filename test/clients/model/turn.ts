/** A tool as a model's API was given it. */
export interface SeenTool {
  name: string;
  description: string;
  /** Its arguments' JSON Schema, in whatever form that API takes. */
  schema: Record<string, unknown>;
}

/** What a tool answered, as the model was given it; `isError` is undefined where the API has no field for it. */
export interface SeenResult {
  tool: string;
  text: string;
  isError?: boolean | undefined;
}

/** A request to a model: what a conversation has come to. */
export interface Turn {
  tools: SeenTool[];
  results: SeenResult[];
  /** What stands before the conversation: the system prompt, where a client puts a server's instructions. */
  system: string;
  /** What a client itself was offered besides tools; models' APIs know nothing of it. */
  offered?: Offered;
}

/** Resources by their addresses and prompts by their names, and the text of one of each. */
export interface Offered {
  resources: string[];
  report: string;
  prompts: string[];
  loop: string;
}

/** What the model answers: a tool to call, or that it is done. */
export type Move = { tool: string; arguments: Record<string, unknown> } | { say: string };

/** The way in which one kind of model API says this. */
export interface Dialect {
  name: string;
  /** The request's path, from the slash after the host. */
  path: RegExp;
  read(body: Body): Turn;
  /** The whole answer, or its events where it is streamed. `id` is new for each. */
  answer(move: Move, id: string): object;
  stream(move: Move, id: string): StreamEvent[];
  isStreamed(body: Body, path: string): boolean;
}

/** A server-sent event; without a name it has data only. */
export interface StreamEvent {
  event?: string;
  data: object | string;
}

// A request is read where it stands; a client that sends another form fails its driver's run.
// biome-ignore lint/suspicious/noExplicitAny: foreign JSON
export type Body = any;

/** The text of what is a text, or a list of parts some of which have one. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(textOf).filter(Boolean).join('\n');
  if (typeof content !== 'object' || content === null) return '';
  const { text, content: inner, output } = content as Record<string, unknown>;
  return textOf(text ?? inner ?? output ?? '');
}
