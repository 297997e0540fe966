import { expect } from 'vitest';
import { textMessage } from '../../src/core/message.ts';
import { eventually } from '../helpers.ts';
import { answer, type Suite } from './adapter-harness.ts';

/** How an adapter gives the answers to what people ask. */
export function answeringBehaviours(at: Suite): void {
  at.behaves('gives a file', async () => {
    const file = await at.house().save(Buffer.from('a,b\r\n1,2\r\n'), 'csv');
    at.house().answers.push((_asked, reply) =>
      reply(answer({ blocks: [{ kind: 'file', file, name: 'experiment_log.csv', bytes: 10 }] }, 'private')),
    );
    await at.world().command('tell x');
    const files = await eventually('the file', async () => {
      const found = (await at.world().privately()).flatMap((shown) => shown.files);
      return found.length > 0 && found;
    });
    expect(files).toEqual([{ name: 'experiment_log.csv', text: 'a,b\r\n1,2\r\n' }]);
  });

  at.behaves('answers the asker alone', async () => {
    at.house().answers.push((_asked, reply) => reply(answer(textMessage('for you'), 'private')));
    await at.world().command('tell x');
    await eventually('the answer', async () =>
      (await at.world().privately()).some(({ text }) => text.includes('for you')),
    );
    expect(await at.world().timeline()).toEqual([]);
  });

  at.behaves('answers everybody, and edits that answer', async () => {
    at.house().answers.push(async (_asked, reply) => {
      await reply(answer(textMessage('launching'), 'public', false));
      await reply(answer(textMessage('queued job-0000007'), 'public'));
    });
    await at.world().command('tell x');
    const answers = await eventually('the answer', async () => {
      const shown = (await at.world().timeline()).filter(({ text }) => !/^\/xax tell x\s*$/.test(text));
      return shown.some(({ text }) => text.includes('queued job-0000007')) && shown;
    });
    expect(answers).toHaveLength(1);
    expect(answers[0]!.text).not.toContain('launching');
  });

  /** What stands of the answers in the end, wherever; in the timeline the web shows what was asked too. */
  const standing = async () => {
    const all = [...(await at.world().timeline()), ...(await at.world().privately())].map(({ text }) => text);
    return all.filter((text) => /launching|starting|queued|no such job|went wrong/.test(text));
  };

  at.behaves('gives the answers of one command in order, once', async () => {
    for (const visibility of ['public', 'private'] as const) {
      const before = await standing();
      let isDone = false;
      at.house().answers.push(async (_asked, reply) => {
        void reply(answer(textMessage('launching'), visibility, false));
        void reply(answer(textMessage('starting'), visibility, false));
        await reply(answer(textMessage(`queued ${visibility}`), visibility));
        isDone = true;
      });
      await at.world().command('tell x');
      await eventually('the answer', async () => isDone && (await standing()).length > before.length);
      expect(await standing()).toHaveLength(before.length + 1);
      expect((await standing()).join()).toContain(`queued ${visibility}`);
    }
    expect((await standing()).join()).not.toMatch(/launching|starting/);
  });

  at.behaves('keeps what was done apart from its answer, which is given once all the same', async () => {
    for (const visibility of ['public', 'private'] as const) {
      at.world().failAnswers();
      let isDone = false;
      at.house().answers.push(async (_asked, reply) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await reply(answer(textMessage(`queued ${visibility}`), visibility));
        isDone = true;
      });
      await at.world().command('tell x');
      await eventually('it is done', () => isDone, 20_000);
      const given = async () => {
        const late = at.house().late.map(({ message }) => JSON.stringify(message));
        return [...(await standing()), ...late];
      };
      const isThis = (text: string) => text.includes(`queued ${visibility}`);
      // It is given when it is done, or right after.
      await eventually('it is given', async () => (await given()).some(isThis), 20_000);
      const all = await given();
      expect(all.filter(isThis)).toHaveLength(1);
      expect(all.join()).not.toContain('went wrong');
    }
  });

  at.behaves('refuses to the asker alone', async () => {
    const { length } = await at.world().timeline();
    at.house().answers.push((_asked, reply) =>
      reply({ ...answer(textMessage('no such job'), 'private'), ok: false, errorCode: 'unknown-job' }),
    );
    await at
      .world()
      .command('tell x')
      .catch(() => {});
    await eventually('the refusal', async () =>
      (await at.world().privately()).some(({ text }) => text.includes('no such job')),
    );
    expect(await at.world().timeline()).toHaveLength(length);
  });
}
