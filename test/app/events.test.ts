import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createEvents } from '../../src/app/events.ts';
import { createTicker } from '../../src/app/ticker.ts';
import { eventually } from '../helpers.ts';

/** A log that keeps what is written at the level of errors. */
function keptLog() {
  const errors: object[] = [];
  const ignore = () => {};
  return {
    errors,
    log: { debug: ignore, info: ignore, warn: ignore, error: (fields: object) => void errors.push(fields) },
  };
}

describe('the events', () => {
  it('are heard at once, in the order of subscription, by whoever subscribed to them', () => {
    const events = createEvents(keptLog().log);
    const heard: string[] = [];
    events.on('sessionChanged', (name) => heard.push(`first ${name}`));
    events.on('sessionChanged', (name) => heard.push(`second ${name}`));
    events.on('adapterOpen', ({ adapter }) => heard.push(`adapter ${adapter}`));
    events.emit('sessionChanged', 's');
    expect(heard).toEqual(['first s', 'second s']);
  });

  it('leave each subscriber alone in its errors, at once and later', async () => {
    const { log, errors } = keptLog();
    const events = createEvents(log);
    const heard: string[] = [];
    events.on('sessionChanged', () => {
      throw new Error('at once');
    });
    events.on('sessionChanged', () => Promise.reject(new Error('later')));
    events.on('sessionChanged', (name) => heard.push(name));
    events.emit('sessionChanged', 's');
    await nextTurn();
    expect(heard).toEqual(['s']);
    expect(errors).toMatchObject([
      { event: 'sessionChanged', err: { message: 'at once' } },
      { event: 'sessionChanged', err: { message: 'later' } },
    ]);
  });

  it('of a transaction fail with the first subscriber that fails, so that the transaction does', () => {
    const events = createEvents(keptLog().log);
    const heard: string[] = [];
    events.on('jobsRecorded', () => {
      throw new Error('disk is full');
    });
    events.on('jobsRecorded', () => heard.push('after'));
    expect(() => events.emit('jobsRecorded', [])).toThrow('disk is full');
    expect(heard).toEqual([]);
  });
});

describe('what is done every so often', () => {
  it('is done though something before it fails, again and again, until it is stopped', async () => {
    const { log, errors } = keptLog();
    let count = 0;
    const ticker = createTicker({
      everyMs: 5,
      log,
      steps: {
        broken() {
          throw new Error('no');
        },
        counted() {
          count += 1;
        },
      },
    });
    ticker.start();
    await eventually('two rounds', () => count >= 2);
    ticker.stop();
    const stoppedAt = count;
    expect(errors.slice(0, 2)).toMatchObject([{ step: 'broken' }, { step: 'broken' }]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(count).toBe(stoppedAt);
  });
});
