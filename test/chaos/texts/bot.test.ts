import { it } from 'vitest';
import { plainText } from '../../../src/core/plain-text.ts';
import { createRecordedHome, startTestBot } from '../../bot.ts';
import { temporaryFolder } from '../../helpers.ts';
import { hostileTexts } from '../../hostile-texts.ts';
import { runs, SEED } from '../figures.ts';
import { answerFaults } from './answers.ts';
import { tell } from './faults.ts';

const COUNT = runs({ full: 600, ci: 12 });
/** What is asked of each job, and of all of them; words of the asker are the text itself. */
const OF_EACH = (job: string, text: string) => [
  `job ${job}`,
  `config ${job}`,
  `logs ${job}`,
  `note ${job} ${text}`,
  `notes ${job}`,
  `hypothesis ${job} ${text}`,
  `job ${text}`,
  text,
];
const OF_ALL = [
  'status',
  'jobs',
  'jobs failed limit=50',
  'experiment list',
  'scoreboard',
  'report',
  'export',
  'export markdown',
  'verdicts',
  'week',
  'digest',
  'health',
  'presets',
  'watch list',
  'session list',
  'suggest',
  'help',
];

it('no answer of the bot to any command acts, whatever stands in the queue and in what people say', async ({
  task,
}) => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  const given = hostileTexts(SEED, COUNT);
  const texts = given.map(({ text }) => text.toWellFormed().slice(0, 1_500));
  home.show('028.json', (state) => withTexts(state, texts));
  home.beat();
  const bot = await startTestBot({ folder, home: home.home, yaml: 'host: g1\n' });
  const found = new Map<string, string[]>();
  try {
    const ask = async (words: string, mark?: string) => {
      const { message } = await bot.ask(words, { confirm: true });
      if (mark !== undefined && !plainText(message).includes(mark))
        found.set('says', [...(found.get('says') ?? []), `${words} gives ${plainText(message)}`]);
      for (const fault of answerFaults(message)) {
        const kind = `${words.split(' ')[0]!.slice(0, 20)}, ${fault.split(':')[0]}`;
        found.set(kind, [...(found.get(kind) ?? []), `${words.slice(0, 200)} gives ${fault.slice(0, 200)}`]);
      }
    };
    for (const [index, text] of texts.entries())
      for (const words of OF_EACH(jobOf(index), text)) await ask(words);
    for (const [index, { mark }] of given.entries()) await ask(`notes ${jobOf(index)}`, mark);
    for (const words of OF_ALL) await ask(words);
  } finally {
    await bot.app.stop();
  }
  tell(
    task,
    'texts as tasks, errors, notes and hypotheses, in answers of 25 commands of a bot',
    COUNT,
    found,
  );
});

function jobOf(index: number): string {
  return `job-${String(index + 1).padStart(7, '0')}`;
}

/** A queue's state with a failed job of each text: its task, launcher and error hold it. */
function withTexts(state: string, texts: readonly string[]): string {
  const { jobs } = JSON.parse(state) as { jobs: Record<string, Record<string, unknown>> };
  const [like] = Object.values(jobs);
  const made = texts.map((text, index): [string, object] => [
    jobOf(index),
    {
      ...like,
      job_id: jobOf(index),
      task_key: text || 'x',
      launcher: text,
      error: text,
      status: 'failed',
      return_code: 1,
      enqueued_at: Number(like!.enqueued_at) + index,
    },
  ]);
  return JSON.stringify(
    {
      jobs: Object.fromEntries(made),
      next_job_idx: texts.length + 1,
      queue: [],
      running_job_id: null,
      version: 1,
    },
    null,
    2,
  );
}
