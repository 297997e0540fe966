import { z } from 'zod';
import { homeBlocks, modalBlocks } from './blocks.ts';
import { id, option, plain } from './objects.ts';

/** Views (@slack/types 3.2.0), and what a form is answered with (docs.slack.dev, "Modals"). */
const WORDS_MAX = 24;
const shared = {
  private_metadata: z.string().max(3000).optional(),
  callback_id: id.optional(),
  external_id: id.optional(),
};

export const modal = z
  .strictObject({
    type: z.literal('modal'),
    title: plain(WORDS_MAX),
    submit: plain(WORDS_MAX).optional(),
    close: plain(WORDS_MAX).optional(),
    blocks: modalBlocks,
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    ...shared,
  })
  .refine(
    ({ submit, blocks }) => submit !== undefined || blocks.every(({ type }) => type !== 'input'),
    'submit is missing beside an input',
  );

export const home = z.strictObject({ type: z.literal('home'), blocks: homeBlocks, ...shared });

/** The answer to a form that was sent: nothing, or what it becomes. `blocks`: the ids of the form's inputs. */
export const submissionAnswer = (blocks: readonly string[]) =>
  z.discriminatedUnion('response_action', [
    z.strictObject({ response_action: z.undefined().optional() }),
    z.strictObject({ response_action: z.literal('clear') }),
    z.strictObject({ response_action: z.literal('update'), view: modal }),
    z.strictObject({ response_action: z.literal('push'), view: modal }),
    z.strictObject({
      response_action: z.literal('errors'),
      errors: z
        .record(z.string(), z.string().min(1))
        .refine((errors) => Object.keys(errors).length > 0, 'no errors')
        .refine((errors) => Object.keys(errors).every((key) => blocks.includes(key)), 'an error of no input'),
    }),
  ]);

/** The answer to what is typed into an external select. */
export const suggestionAnswer = z.strictObject({ options: z.array(option).max(100) });
