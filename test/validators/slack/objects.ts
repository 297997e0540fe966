import { z } from 'zod';

/** Composition objects of Block Kit (@slack/types 3.2.0, docs.slack.dev), with their lengths in characters. */
export const ID_MAX = 255;

export const id = z.string().min(1).max(ID_MAX);

export const plain = (most = 3000) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  });

const mrkdwn = (most = 3000) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(most),
    verbatim: z.boolean().optional(),
  });

export const textObject = (most = 3000) => z.discriminatedUnion('type', [plain(most), mrkdwn(most)]);

const OPTION_MAX = 75;
export const option = z.strictObject({
  text: plain(OPTION_MAX),
  value: z.string().min(1).max(150),
  description: plain(OPTION_MAX).optional(),
});

export const confirm = z.strictObject({
  title: plain(100),
  text: textObject(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(['primary', 'danger']).optional(),
});

/** A file of Slack's own, or a public image. */
export const imageSource = {
  image_url: z.url().max(3000).optional(),
  slack_file: z
    .strictObject({ id: z.string().min(1).optional(), url: z.url().optional() })
    .refine((file) => (file.id === undefined) !== (file.url === undefined), 'either id or url')
    .optional(),
};
export const hasOneSource = (image: { image_url?: unknown; slack_file?: unknown }) =>
  (image.image_url === undefined) !== (image.slack_file === undefined);
