import { expect, it } from 'vitest';
import { portWarning } from '../../adapters/web/settings.ts';
import { otherUsers } from '../../src/cli/other-users.ts';
import { parseUser } from '../../src/files/passwd.ts';

const USERS = [
  'root:x:0:0:root:/root:/bin/bash',
  'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
  'ada:x:1000:1000::/home/ada:/bin/bash',
  'bob:x:1001:1001::/home/bob:/usr/bin/zsh',
  'backup:x:1002:1002::/var/backup:/usr/sbin/nologin',
  'nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin',
  'empty:x:1003:1003::/home/empty:',
].map((line) => parseUser(line)!);

it('tells who else can log in to the host: people with a shell, and whoever is logged in', () => {
  expect(otherUsers(USERS, [], 1000)).toEqual(['bob', 'empty']);
  expect(otherUsers(USERS, [0, 1000, 4711], 1000)).toEqual(['bob', 'empty', 'uid 4711']);
  expect(otherUsers(USERS.slice(0, 3), [1000], 1000)).toEqual([]);
});

it('warns of a port on a host of several people, and of nothing that they cannot take', () => {
  const port = { host: '127.0.0.1', port: 8787, publicOrigin: null };
  expect(portWarning(port, ['bob'])).toMatch(/bob can log in here too.*XAXBOT_WEB_HOST=unix/);
  expect(portWarning(port, ['a', 'b', 'c', 'd', 'e'])).toContain('a, b, c and 2 more');
  expect(portWarning(port, [])).toBe('');
  expect(portWarning({ ...port, host: 'unix' }, ['bob'])).toBe('');
});
