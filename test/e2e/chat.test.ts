import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { openChat } from './chat-page.ts';

/** The first colour of the charts' palette. */
const CURVE = [0x00, 0x72, 0xb2];

describe('the chat in a browser, on a recorded queue', () => {
  const chat = openChat();

  it('takes the entry link out of the address, and a second use of it is refused', async () => {
    expect(new URL(chat.page.url()).hash).toBe('');
    expect(await chat.page.context().cookies()).toEqual([]);
  });

  it('shows a change of the queue without a reload, and its thread with the cause and the curve', async () => {
    chat.home.show('029.json');
    await chat.card('job-0000007').getByText('Failed').first().waitFor();
    await chat.card('job-0000008').getByText('Running').first().waitFor();
    chat.home.show('030.json');
    await chat.card('job-0000008').getByText('out of device memory').waitFor();
    await chat.card('job-0000008').getByRole('button', { name: /repl/ }).click();
    const thread = chat.page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Cause:').waitFor();
    expect(await thread.locator('pre').textContent()).toContain('RESOURCE_EXHAUSTED');
    await thread
      .getByRole('slider', { name: /Chart of job-0000008 value\/loss/ })
      .last()
      .waitFor();
  });

  it("draws the curve's points where the data says", async () => {
    await chat.say('/xax metrics 9 value/loss');
    const picture = chat.page
      .getByRole('article', { name: 'Answer only you can see' })
      .getByRole('slider', { name: /Chart of job-0000009 value\/loss/ });
    const { columns, size } = await picture.evaluate((canvas: HTMLCanvasElement, [red, green, blue]) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const found = new Map<number, number>();
      for (let at = 0; at < data.length; at += 4) {
        const isCurve =
          Math.abs(data[at]! - red!) + Math.abs(data[at + 1]! - green!) + Math.abs(data[at + 2]! - blue!) <
          30;
        if (isCurve) found.set((at / 4) % canvas.width, Math.floor(at / 4 / canvas.width));
      }
      return {
        columns: [...found].sort(([x], [y]) => x - y),
        size: { width: canvas.width, height: canvas.height },
      };
    }, CURVE);
    const rows = columns.map(([, row]) => row);
    expect(columns.length).toBeGreaterThan(size.width * 0.7);
    expect(Math.max(...rows) - Math.min(...rows)).toBeGreaterThan(size.height * 0.3);
  });

  it('completes commands as they are typed, and answers privately in words to a wrong one', async () => {
    const input = chat.page.locator('.channel textarea');
    await input.fill('/xax lo');
    await chat.page.getByRole('option', { name: /logs/ }).waitFor();
    await chat.page.keyboard.press('Tab');
    expect(await input.inputValue()).toBe('/xax logs ');
    await chat.page.getByRole('option', { name: 'running the running job' }).waitFor();
    await chat.say('/xax kil 9');
    await chat.page.getByText('There is no command "kil". Did you mean kill?').waitFor();
    await chat.page.getByText('only you see this').first().waitFor();
  });

  it('keeps what is typed while a message is on its way, and gives back what could not be sent', async () => {
    const input = chat.page.locator('.channel textarea');
    await chat.page.route('**/api/say', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.abort();
    });
    await chat.say('/xax status');
    await input.fill('/xax he');
    await chat.page.getByRole('alert').waitFor();
    expect(await input.inputValue()).toBe('/xax he');
    await chat.say('/xax week');
    await eventually('the words are back', async () => (await input.inputValue()) === '/xax week');
    await chat.page.unroute('**/api/say');
    await input.fill('');
  });

  it('notes a hypothesis through a form, which stays open until it was taken', async () => {
    await chat.page.locator('.channel').getByRole('button', { name: 'Write a hypothesis' }).first().click();
    const dialog = chat.page.getByRole('dialog');
    const told = await chat.page.getByRole('article', { name: 'Answer only you can see' }).count();
    await dialog.getByLabel('What you expect').fill('wider is <b>better</b>');
    await dialog.getByText('More options').click();
    await dialog.getByLabel('name').fill('../up');
    await dialog.getByRole('button', { name: 'Save hypothesis' }).click();
    await dialog.getByRole('alert').getByText('cannot name an experiment').waitFor();
    expect(await dialog.getByLabel('What you expect').inputValue()).toBe('wider is <b>better</b>');
    await chat.page.keyboard.press('Escape');
    await dialog.getByRole('status').getByText('What you typed is still here').waitFor();
    expect(await dialog.getByRole('alert').count()).toBe(0);
    expect(await dialog.getByLabel('What you expect').inputValue()).toBe('wider is <b>better</b>');
    expect(await chat.page.getByRole('article', { name: 'Answer only you can see' }).count()).toBe(told);
    await dialog.getByLabel('name').fill('wide-1');
    await dialog.getByRole('button', { name: 'Save hypothesis' }).click();
    await dialog.waitFor({ state: 'detached' });
    await chat.page.getByText('wider is <b>better</b>').first().waitFor();
  });

  it('kills a real process that ignores SIGTERM, after asking, and nobody else is asked', async () => {
    const env = { ...process.env, XAX_QUEUE_JOB_ID: 'job-0000009', XAX_HOME: chat.home.home };
    const program =
      "process.on('SIGTERM', () => {}); process.stdout.write('up'); setInterval(() => {}, 1000)";
    const child: ChildProcess = spawn(process.execPath, ['-e', program], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout!, 'data');
    const gone = once(child, 'exit');
    const edited = (change: (job: Record<string, unknown>) => void) => (text: string) => {
      const state = JSON.parse(text) as {
        jobs: Record<string, Record<string, unknown>>;
        running_job_id: string | null;
      };
      change(state.jobs['job-0000009']!);
      if (state.jobs['job-0000009']!.status !== 'running') state.running_job_id = null;
      return JSON.stringify(state, null, 2);
    };
    chat.home.show(
      '030.json',
      edited((job) =>
        Object.assign(job, {
          pid: child.pid,
          process_group_id: child.pid,
          started_at: Date.now() / 1000 - 1,
        }),
      ),
    );
    await chat.say('/xax kill 9');
    const question = chat.page
      .getByRole('article', { name: 'Answer only you can see' })
      .filter({ hasText: 'This cannot be undone' });
    expect(child.exitCode).toBeNull();
    await question.getByRole('button', { name: 'Kill job-0000009' }).click();
    const [, signal] = (await gone) as [number | null, string];
    expect(signal).toBe('SIGKILL');
    await chat.page.locator('.channel').getByText('It ignored SIGTERM; SIGKILL ended it').waitFor();
    chat.home.show(
      '030.json',
      edited((job) =>
        Object.assign(job, {
          status: 'failed',
          pid: null,
          process_group_id: null,
          return_code: -9,
          error: 'Terminated by signal 9',
          ended_at: Date.now() / 1000,
        }),
      ),
    );
    await chat.card('job-0000009').getByText('killed by Ada (SIGKILL)').waitFor();
    await question.getByText('Yes, said Ada.').waitFor();
    expect(await question.getByRole('button', { name: 'Kill job-0000009' }).count()).toBe(0);
  });

  it('refreshes a card where it stands, and says nothing beside it', async () => {
    const answers = chat.page.getByRole('article', { name: 'Answer only you can see' });
    const before = await answers.count();
    const board = chat.page
      .locator('.channel article')
      .filter({ has: chat.page.getByRole('heading', { name: 'Queue g1' }) });
    const answered = chat.page.waitForResponse((response) => response.url().endsWith('/api/act'));
    await board.first().getByRole('button', { name: 'Refresh' }).click();
    expect(await (await answered).json()).toMatchObject({ reply: null });
    await board.first().getByRole('heading', { name: 'Queue g1' }).waitFor();
    expect(await answers.count()).toBe(before);
  });

  it('goes on by itself after the bot was restarted, with what happened meanwhile', async () => {
    const { port } = new URL(chat.bot.web!.url());
    await chat.bot.app.stop();
    await chat.page.getByText('Connection lost').waitFor();
    chat.home.show('030.json', (text) => {
      const state = JSON.parse(text) as {
        jobs: Record<string, Record<string, unknown>>;
        queue: string[];
        running_job_id: null;
      };
      Object.assign(state, { queue: [], running_job_id: null });
      const at = Date.now() / 1000;
      Object.assign(state.jobs['job-0000009']!, {
        status: 'failed',
        pid: null,
        process_group_id: null,
        return_code: -9,
        error: 'Terminated by signal 9',
        ended_at: at - 5,
      });
      Object.assign(state.jobs['job-0000010']!, {
        status: 'completed',
        started_at: at - 4,
        ended_at: at - 1,
        return_code: 0,
      });
      return JSON.stringify(state, null, 2);
    });
    await chat.startAgain(port);
    await chat.card('job-0000010').getByText('Completed').first().waitFor();
    await chat.page.getByText('Connection lost').waitFor({ state: 'detached' });
    const heading = chat.page.locator('.channel h3', { hasText: 'job-0000010' });
    await heading.first().waitFor();
    expect(await heading.count()).toBe(1);
  });

  it('made no error in the page', () => {
    expect(chat.errors()).toEqual([]);
  });
});
