import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, enterWeb, startTestBot } from '../bot.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const LOSS = 0.10595703125;

describe('a run of four seconds, of whose 400 steps the event files tell of the first three', () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  const show = (name: string) => home.show(name, (state) => state.replaceAll('/run_005', '/run_012'));
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  const said = async (words: string) => plainText((await bot.ask(words)).message);

  beforeAll(async () => {
    show('017.json');
    bot = await startTestBot({
      folder,
      home: home.home,
      yaml: `watch: {defaults: false}
session: {name: s1, objective: {metric: value/loss, mode: min}}
presets:
  toy:
    cwd: ${folder}
    argv: [python, -m, examples.toy.ToyRegression]
    options:
      learning_rate: {type: number, min: 0.00001, max: 1, default: 0.01}
`,
    });
  }, 30_000);
  afterAll(() => bot.app.stop());

  it('is at step 400 while it runs', async () => {
    expect(await said('job 6')).toMatch(/step 400 of 400 .*\nvalue\/loss: 0\.10(596|6)\n/);
  });

  it('ended at its last loss on its card, on the board, in the log and in every answer', async () => {
    show('025.json');
    await eventually('its end', async () => /Completed/.test(await said('job 6')));
    await bot.app.settled();
    const reader = await enterWeb(bot);
    const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
    const texts = messages.map(({ message }) => plainText(message));
    expect(texts.find((text) => text.startsWith('ToyRegression job-0000006'))).toMatch(
      /Completed .*value\/loss: 0\.10(596|6)\n.*over steps 1 to 400, .* last 0\.106, /s,
    );
    expect(texts.find((text) => text.startsWith('Queue'))).toMatch(
      /job-0000006 +ToyRegression +completed +value\/loss 0\.10(596|6) /,
    );
    const row = rowsOf(join(home.home, 'experiments/s1/experiment_log.csv')).get('job-0000006')!;
    expect(row).toMatchObject({ objective_metric: 'value/loss', objective_value: String(LOSS) });
    expect(JSON.parse(row.metrics_json)).toEqual({
      'value/grad_norm': 0.8887256383895874,
      'value/loss': LOSS,
      'value/mae': 0.283203125,
    });
    expect(await said('job 6')).toMatch(/\nvalue\/loss 0\.10(596|6)\.\n/);
    expect(await said('metrics 6')).toMatch(/\nvalue\/loss +0\.10(596|6) +400 +6\n/);
    expect(await said('scoreboard')).toMatch(/\njob-0000006 +completed +0\.10(596|6)\b/);
    expect(await said('suggest preset=toy')).toMatch(/parent=job-0000006 .*job-0000006 \(0\.106\)/);
  });
});
