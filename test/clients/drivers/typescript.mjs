import { converse, offer } from './plain.mjs';
import { xaxbot } from './snippet.mjs';

const offered = offer(
  await xaxbot.listResources(),
  await xaxbot.readResource({ uri: 'xaxbot://report' }),
  await xaxbot.listPrompts(),
  await xaxbot.getPrompt({ name: 'experiment_loop' }),
);
const { tools } = await xaxbot.listTools();
await converse(tools, (name, args) => xaxbot.callTool({ name, arguments: args }), offered);
await xaxbot.close();
