import { describe, expect, it } from 'vitest';
import { jsonAnswers } from '../../src/core/json-answers.ts';

const answering = (body: string | null, status = 200, type = 'application/json; charset=utf-8') =>
  jsonAnswers(async () => new Response(body, { status, headers: { 'content-type': type, 'x-kept': 'yes' } }))(
    'https://chat.example/api/post',
  );

describe('an answer of a platform', () => {
  it('is passed on whole, with its headers', async () => {
    const answer = await answering('{"ok": true}');
    expect([await answer.json(), answer.headers.get('x-kept')]).toEqual([{ ok: true }, 'yes']);
    expect(await (await answering('{"ok": false}', 403)).json()).toEqual({ ok: false });
  });

  it('of which half came is none: whether it was done is not known', async () => {
    await expect(answering('{"ok": true, "ts": "17')).rejects.toThrow(
      'the answer (200) broke off after 22 characters',
    );
  });

  it('of something on the way is none', async () => {
    await expect(answering('<html></html>', 200, 'text/html')).rejects.toThrow('let chat.example through');
  });

  it('is understood by its status where that says all', async () => {
    for (const status of [429, 500, 503])
      expect((await answering('half {', status, 'text/html')).status).toBe(status);
    expect((await answering(null, 204)).status).toBe(204);
  });
});
