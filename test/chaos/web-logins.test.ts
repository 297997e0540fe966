import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { openDb } from '../../src/store/db.ts';
import { testHandlers } from '../handlers.ts';
import { temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';
import { createWebClient, type WebClient } from '../web-client.ts';
import { figure, runs, SEED } from './figures.ts';

const db = openDb(temporaryFolder());
const web = createTestWeb(db, { personById: (id) => ({ id, name: id, role: 'admin' }) });
let ada: WebClient;

beforeAll(async () => {
  await web.start(testHandlers());
  ada = createWebClient(web.entry.url());
  await ada.enter(web.entry.createLink('ada'));
});
afterAll(async () => {
  await web.stop();
  db.close();
});

const status = async (path: string, headers: Record<string, string>) => {
  const response = await fetch(new URL(path, web.entry.url()), { headers });
  await response.arrayBuffer();
  return response.status;
};

it('takes a recorded request once, and none that was changed', async ({ task }) => {
  const count = runs({ full: 5_000, ci: 200 });
  const random = seededRandom(SEED);
  let refused = 0;
  let answered = 0;
  for (let run = 0; run < count; run += 1) {
    if ((await ada.ask('api/state')).status === 200) answered += 1;
    const headers = ada.signed('api/state');
    const proof = headers.authorization!;
    // Any one of its characters, another one.
    const at = 'Signed '.length + Math.floor(random() * (proof.length - 'Signed '.length));
    const other = proof[at] === 'A' ? 'B' : 'A';
    const changed = `${proof.slice(0, at)}${other}${proof.slice(at + 1)}`;
    if ((await status('api/state', { authorization: changed })) === 401) refused += 1;
    if ((await status('api/thread?root=1', headers)) === 401) refused += 1;
    if ((await status('api/state', headers)) === 200) answered += 1;
    if ((await status('api/state', headers)) === 401) refused += 1;
  }
  figure(task, {
    attack: 'requests to the web chat, recorded and sent again, changed, or signed for something else',
    runs: 3 * count,
    result: `${refused} refused; ${answered} of ${2 * count} true ones answered`,
  });
  expect([refused, answered]).toEqual([3 * count, 2 * count]);
});

it('lets true links in beside wrong ones', async ({ task }) => {
  const count = runs({ full: 2_000, ci: 60 });
  const wrong = Array.from({ length: count }, async () => {
    const code = randomBytes(32).toString('base64url');
    return (await ada.postTo('api/enter', { code, key: ada.key })).status;
  });
  const client = createWebClient(web.entry.url());
  const entered = (await client.enter(web.entry.createLink('bob'))).status;
  const refused = (await Promise.all(wrong)).filter((each) => each === 403).length;
  figure(task, {
    attack: 'wrong links to the web chat beside a true one',
    runs: count,
    result: `${refused} refused, the true one let in`,
  });
  expect([entered, refused]).toEqual([200, count]);
});
