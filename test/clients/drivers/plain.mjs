/** Calls tools as the scripted model says, until it is done. `call(name, arguments)` gives `{content, isError}`. */
export async function converse(listed, call, offered) {
  const tools = listed.map(({ name, description = '', inputSchema: schema }) => ({
    name,
    description,
    schema,
  }));
  const results = [];
  for (;;) {
    const turn = { system: '', tools, results, offered };
    const response = await fetch(`${process.env.MODEL_URL}/plain`, {
      method: 'POST',
      body: JSON.stringify(turn),
    });
    const move = await response.json();
    if ('say' in move) return;
    const { content, isError } = await call(move.tool, move.arguments);
    const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    results.push({ tool: move.tool, text, isError });
  }
}

/** What a client itself is offered, from the server's answers about it. */
export function offer({ resources }, { contents }, { prompts }, { messages }) {
  return {
    resources: resources.map(({ uri }) => uri),
    report: contents[0].text,
    prompts: prompts.map(({ name }) => name),
    loop: messages[0].content.text,
  };
}
