import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { waitMs } from '../src/core/services/feed.ts';
import { WAIT_EXITS, waitExitCode } from './wait-exit.ts';
import { type WaitData, waitMessage } from './wait-message.ts';
import { awaited, told } from './waited-for.ts';

/** A week: whoever waits longer asks again. */
const SECONDS_MAX = 604_800;

export const wait = defineCommand({
  name: 'wait',
  group: 'The queue',
  summary: 'Wait for a job to end, a proposal to be decided, or anything to happen',
  examples: ['wait 7', 'wait running seconds=600', 'wait proposal=3', 'wait since=812.9.14'],
  options: {
    job: { type: 'job', last: 'began', description: 'until it ended; with since, until it has news' },
    proposal: {
      type: 'integer',
      min: 1,
      proposals: ['waiting', 'running'],
      positional: false,
      description: 'until it is decided and done',
    },
    since: {
      type: 'text',
      positional: false,
      description: 'a cursor that an answer named: what happened after it',
    },
    seconds: {
      type: 'integer',
      min: 0,
      max: SECONDS_MAX,
      positional: false,
      description: 'at most so long',
    },
  },
  services: ['feed', 'jobs', 'approvals', 'queues', 'causes'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ job, proposal, since, seconds }, { caller, reply, services }): Promise<WaitData> {
    if (job && proposal !== undefined)
      throw new BotError(
        'bad-option',
        'job and proposal are two things to wait for.',
        'Give one of them, and wait for the other then.',
        'proposal',
      );
    const { find, standing } = awaited({ job, proposal, since }, services);
    const { patience } = caller;
    const ms = waitMs(patience, seconds);
    const begun = performance.now();
    let found = find();
    if (!found && patience && ms > 0) {
      reply.progress({ state: 'waiting', why: 'begun', ...standing() });
      found = await services.feed.until(find, { ms, gone: patience.gone });
    }
    if (found) return told(found, services);
    const why = () => {
      if (!patience) return seconds === 0 ? 'time' : 'at-once';
      if (performance.now() - begun < ms) return 'stopped';
      return seconds !== undefined && seconds * 1000 <= ms ? 'time' : 'slice';
    };
    return { state: 'waiting', why: why(), ...standing() };
  },
  view: waitMessage,
  succeeded(data) {
    if (data.state === 'waiting') return data.why === 'slice';
    if (data.state === 'ended') return data.status === 'completed';
    return data.state === 'happened' || data.one.state === 'done';
  },
  exitCodes: WAIT_EXITS,
  exitCode: waitExitCode,
});
