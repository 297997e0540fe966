import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildContext, type Context, type Overrides } from '../../src/app/context.ts';
import { stepsOf } from '../../src/app/steps.ts';
import { subscribe } from '../../src/app/subscriptions.ts';
import { TIMINGS } from '../../src/app/timings.ts';
import type { Config } from '../../src/config/config.ts';
import { textMessage } from '../../src/core/message.ts';
import { createXaxQueue } from '../../src/queue/xax/index.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import { createRecordedHome, STATES, testConfig } from '../bot.ts';
import { xaxOf } from '../config/load.ts';
import { temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

describe('a context', () => {
  let folder: string;
  let config: Config;
  let db: Db;
  beforeEach(() => {
    folder = temporaryFolder();
    const recorded = createRecordedHome(folder);
    recorded.show(STATES.at(-1)!);
    config = testConfig({ folder, home: recorded.home });
    db = openDb(config.dataDir);
  });
  afterEach(() => db.close());

  function build(overrides: Partial<Overrides> = {}): Context {
    const queue = createXaxQueue({ ...xaxOf(config), env: {}, clock: Date.now, log: quietLog });
    return buildContext(config, { db, queues: [queue], log: quietLog, ...overrides });
  }

  it('is made without an effect: nothing is written, opened or begun', () => {
    const files = () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !/-(wal|shm)$/.test(name));
    const state = () => ({
      files: files().toSorted(),
      changes: db.prepare('SELECT total_changes()').pluck().get(),
      // What runs in this turn is the tests' own, too: whatever is begun is there in the next one.
      handles: process
        .getActiveResourcesInfo()
        .filter((kind) => kind !== 'Immediate')
        .toSorted(),
    });
    const before = state();
    const context = build();
    subscribe(context);
    expect(stepsOf(context).length).toBeGreaterThan(5);
    expect(state()).toEqual(before);
    expect(context.queues.all[0]!.snapshot()).toBeUndefined();
  });

  it('can be stopped without having been started', async () => {
    for (const { stop } of stepsOf(build()).toReversed()) await stop?.();
    expect(readdirSync(join(config.dataDir))).not.toContain('terminal.sock');
  });

  it('goes by the clock, the timings and the parts that it is given', () => {
    const { timings, stores } = build({ clock: () => 1_234, timings: { delivery: { firstMs: 5 } } });
    stores.outbox.addPost('a', 'web', 'queue', null, { kind: 'message', message: textMessage('a') });
    expect(db.prepare('SELECT created_at FROM deliveries').pluck().get()).toBe(1_234);
    expect(timings.delivery).toEqual({ ...TIMINGS.delivery, firstMs: 5 });
    expect(timings.intake).toEqual(TIMINGS.intake);

    const outbox = createOutbox(openDb(temporaryFolder()), Date.now);
    const { notify } = build({ stores: { outbox } });
    notify.notifier.announce('b', textMessage('b'));
    expect(outbox.waitingCount()).toBe(1);
    expect(stores.outbox.waitingCount()).toBe(1);
  });
});
