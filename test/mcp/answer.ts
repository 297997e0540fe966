/** An answer as a model is given it. */
export interface Answer {
  ok: boolean;
  error?: { code: string };
  untrusted_text: string;
  data?: unknown;
  data_cut?: string;
}

/** What a tool's result says; all of it stands in the first text. */
export function answerOf(result: unknown): Answer {
  const [{ text }] = (result as { content: [{ text: string }] }).content;
  return JSON.parse(text) as Answer;
}
