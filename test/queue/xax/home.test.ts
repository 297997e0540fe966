import { homedir, userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { resolveXaxHome } from '../../../src/queue/xax/home.ts';

describe('the queue’s folder, as xax finds it', () => {
  test.each<[Record<string, string>, string]>([
    [{ XAX_HOME: '/q', XAXRC_PATH: '/r/x.yml', HOME: '/h' }, '/q'],
    [{ XAX_HOME: '~/q', HOME: '/h' }, '/h/q'],
    [{ XAX_HOME: '~', HOME: '/h' }, '/h'],
    [{ XAX_HOME: '~root/q', HOME: '/h' }, '/root/q'],
    [{ XAX_HOME: 'q', HOME: '/h' }, '/here/q'],
    [{ XAX_HOME: '', HOME: '/h' }, '/here'],
    [{ XAXRC_PATH: '/r/xax.yml', HOME: '/h' }, '/r'],
    [{ XAXRC_PATH: '/r/xax.yaml', HOME: '/h' }, '/r'],
    [{ XAXRC_PATH: '/r/xax.d', HOME: '/h' }, '/r/xax.d'],
    [{ XAXRC_PATH: '~/r/.yml', HOME: '/h' }, '/h/r/.yml'],
    [{ HOME: '/h' }, '/h/.xax'],
    [{ HOME: '' }, '/.xax'],
  ])('of %j is %s', (env, folder) => {
    expect(resolveXaxHome(env, '/here')).toBe(folder);
  });

  test('without HOME is below the home that the host knows of the user', () => {
    expect([`${userInfo().homedir}/.xax`, `${homedir()}/.xax`]).toContain(resolveXaxHome({}, '/here'));
  });
});
