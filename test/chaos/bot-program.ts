// The bot as `xaxbot start` runs it, on test servers: with pauses and paces that nobody waits for.
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { type BotOptions, startTestBot } from '../bot.ts';

process.on('unhandledRejection', () => {});
const options = JSON.parse(process.env.XAXBOT_TEST_OPTIONS!) as BotOptions;
const { app } = await startTestBot(options);
// One that is killed later leaves what it compiled to the next.
flushCompileCache();
console.log('up');
await once(process, 'SIGTERM');
await app.stop();
