import { defineCommand } from '../src/core/command.ts';
import type { Action } from '../src/core/command-declaration.ts';
import { BotError } from '../src/core/errors.ts';
import { jobName } from '../src/core/job.ts';
import type { Block, Text } from '../src/core/message.ts';
import { PING_KINDS, PINGS, type PingKind } from '../src/core/ping.ts';
import { type QuietHours, quietHoursIn, quietHoursText } from '../src/core/pings.ts';
import type { PingsService } from '../src/core/services/pings.ts';
import { isZone } from '../src/core/time-zone.ts';

const ALL = 'all';
const OFF = 'off';
/** How long a mute lasts unless it is said, minutes. */
const MUTE_MINUTES = 8 * 60;
const MUTE_MINUTES_MAX = 30 * 24 * 60;

interface PingsData {
  /** What was changed, a sentence; absent where nothing was. */
  done?: Text;
  off: PingKind[];
  quiet: QuietHours | null;
  /** Jobs by their names; null: everything. */
  mutes: { job: string | null; until: number }[];
  /** Whose ends are told to them alone: jobs by their names; null: every run of theirs. */
  alone: (string | null)[];
}

const ACTIONS = {
  list: { summary: 'what you are pinged for, and when not', takes: [], changes: false },
  on: { summary: 'be pinged for something again', takes: ['what'], requires: ['what'], changes: false },
  off: { summary: 'be pinged for something no more', takes: ['what'], requires: ['what'], changes: false },
  quiet: {
    summary: 'hours of the day without pings, or off',
    takes: ['what', 'zone'],
    requires: ['what'],
    changes: false,
  },
  mute: { summary: 'no pings for a time, about one job or any', takes: ['job', 'minutes'], changes: false },
  unmute: { summary: 'undo that', takes: ['job'], changes: false },
} as const satisfies Readonly<Record<string, Action>>;

export const pings = defineCommand({
  name: 'pings',
  group: 'Watching',
  summary: 'What the bot pings you for or tells you alone, your quiet hours, and mutes',
  examples: [
    'pings',
    'pings off ended',
    'pings quiet 22:00-08:00',
    'pings quiet off',
    'pings mute job=7',
    'pings mute minutes=120',
    'pings unmute',
  ],
  options: {
    action: {
      type: 'choice',
      choices: ['list', 'on', 'off', 'quiet', 'mute', 'unmute'],
      description: 'list (default), on, off, quiet, mute or unmute',
    },
    what: {
      type: 'text',
      maxLength: 40,
      description: `on, off: ${PING_KINDS.join(', ')} or all; quiet: hours such as 22:00-08:00, or off`,
    },
    job: { type: 'job', positional: false, description: 'mute, unmute: only what is about this job' },
    minutes: {
      type: 'integer',
      min: 1,
      max: MUTE_MINUTES_MAX,
      positional: false,
      description: 'mute: for how long (default: 8 hours)',
    },
    zone: {
      type: 'text',
      maxLength: 60,
      positional: false,
      description: 'quiet: the time zone of the hours, such as Europe/Zurich (default: yours)',
    },
  },
  services: ['pings', 'subscriptions', 'queues', 'now'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  agents: 'never',
  actions: ACTIONS,
  async run({ action = 'list', what = '', job, minutes, zone }, { caller, services }): Promise<PingsData> {
    const { pings: service, subscriptions, queues, now } = services;
    const { id, timezone } = caller.person;
    const told = (done?: Text): PingsData => ({
      ...(done === undefined ? {} : { done }),
      ...service.settings(id),
      mutes: service
        .mutes(id)
        .map((mute) => ({ job: mute.job && queues.nameOf(mute.job), until: mute.until })),
      alone: [...new Set(subscriptions.of(id).map(({ job: of }) => of && queues.nameOf(of)))],
    });
    switch (action) {
      case 'list':
        return told();
      case 'on':
      case 'off':
        return told(switched(what, action, id, service));
      case 'quiet':
        return told(quieted(what, zone ?? timezone ?? service.zone(), id, service));
      case 'mute': {
        const until = now() + (minutes ?? MUTE_MINUTES) * 60_000;
        service.mute(id, { job: job ?? null, until });
        return told([
          'Muted: nothing',
          aboutText(job && jobName(job)),
          ' pings you until ',
          { time: until, style: 'datetime' },
          '.',
        ]);
      }
      case 'unmute': {
        if (!service.unmute(id, job ?? null))
          throw new BotError(
            'not-muted',
            `${job ? jobName(job) : 'Everything together'} is not muted for you.`,
            '"pings" shows what is.',
          );
        return told(`Unmuted: what is${aboutText(job && jobName(job)) || ' about any job'} pings you again.`);
      }
    }
  },
  view({ done, off, quiet, mutes, alone }) {
    const blocks: Block[] = done === undefined ? [] : [{ kind: 'text', text: done }];
    blocks.push({
      kind: 'table',
      columns: ['ping', 'is', 'when'],
      rows: PING_KINDS.map((kind): Text[] => [{ code: kind }, off.includes(kind) ? OFF : 'on', PINGS[kind]]),
    });
    blocks.push({ kind: 'text', text: [{ bold: 'Told to you alone' }, ': ', { hint: aloneText(alone) }] });
    const hours = quiet === null ? 'none' : `${quietHoursText(quiet)}, ${quiet.zone}`;
    blocks.push({ kind: 'text', text: [{ bold: 'Quiet hours' }, `: ${hours}.`] });
    for (const { job, until } of mutes)
      blocks.push({
        kind: 'text',
        text: [
          { bold: 'Muted' },
          `: ${job ?? 'everything'}, until `,
          { time: until, style: 'datetime' },
          '.',
        ],
      });
    return { blocks, ...(done === undefined ? {} : { tone: 'good' as const }) };
  },
});

/** What `subscribe` does beside pings: the same quiet hours and mutes hold for both. */
function aloneText(alone: PingsData['alone']): string {
  if (alone.length === 0)
    return 'nothing. "subscribe" has the ends of your runs told to you in private, in place of a ping.';
  const jobs = alone.filter((job) => job !== null).map((job) => `the end of ${job}`);
  const all = alone.includes(null) ? ['the ends of your runs, in place of a ping'] : [];
  return `${[...all, ...jobs].join(', ')}. "subscribe off" ends that.`;
}

function aboutText(job: string | undefined): string {
  return job === undefined ? '' : ` about ${job}`;
}

function switched(what: string, action: 'on' | 'off', person: string, service: PingsService): Text {
  const kinds = PING_KINDS.filter((kind) => what === ALL || kind === what);
  if (kinds.length === 0)
    throw new BotError(
      'bad-option',
      `what is "${what}"; accepted: ${PING_KINDS.join(', ')} or ${ALL}.`,
      'Nothing was changed.',
      'what',
    );
  const { off, quiet } = service.settings(person);
  const others = off.filter((kind) => !kinds.includes(kind));
  service.set(person, { off: action === 'on' ? others : [...others, ...kinds], quiet });
  const named = kinds.length === 1 ? PINGS[kinds[0]!] : 'anything';
  return action === 'on'
    ? `You are pinged again when: ${named}.`
    : `You are no longer pinged when: ${named}.`;
}

function quieted(what: string, zone: string, person: string, service: PingsService): Text {
  const { off } = service.settings(person);
  if (what === OFF) {
    service.set(person, { off, quiet: null });
    return 'You have no quiet hours any more.';
  }
  if (!isZone(zone))
    throw new BotError(
      'bad-option',
      `zone is "${zone}"; accepted: an IANA time zone such as Europe/Zurich.`,
      'Nothing was changed.',
      'zone',
    );
  const quiet = quietHoursIn(what, zone);
  if (!quiet)
    throw new BotError(
      'bad-option',
      `what is "${what}"; accepted: hours such as 22:00-08:00, or off.`,
      'Nothing was changed.',
      'what',
    );
  service.set(person, { off, quiet });
  return `From ${quietHoursText(quiet)}, ${zone}, nothing pings you. What is still worth a reminder comes after.`;
}
