import { createOpenAI } from '@ai-sdk/openai';
import { generateText, isStepCount } from 'ai';
import { xaxbot } from './snippet.mjs';

const openai = createOpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'none' });
await generateText({
  model: openai.responses('scripted'),
  tools: await xaxbot.tools(),
  stopWhen: isStepCount(40),
  prompt: 'Go on.',
});
await xaxbot.close();
