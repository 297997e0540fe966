import { converse } from './plain.mjs';
import { xaxbot } from './snippet.mjs';

const { tools } = await xaxbot.listTools();
await converse(tools, (name, args) => xaxbot.callTool({ name, arguments: args }));
await xaxbot.close();
