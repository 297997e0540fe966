import type { Context } from 'hono';
import { z } from 'zod';
import type { Person } from '../../src/core/person.ts';
import { shellCommand } from '../../src/core/shell-command.ts';
import type { WebLogins } from '../../src/core/web-logins.ts';
import { browserName } from './browser-name.ts';
import type { EntryCodes } from './entry-codes.ts';
import { refusal } from './guard.ts';
import { digestOf, loginId } from './proof.ts';
import { body } from './requests.ts';
import { freshProof, mustBeSigned, notSignedIn, type Proving } from './signing-in.ts';
import type { WrongCodes } from './wrong-codes.ts';

const enterBody = z.object({ code: z.string().max(200), key: z.string().max(200) });

/**
 * Has the browser forget what it keeps of this address (Clear-Site-Data, W3C): whoever listened here while the bot was down may
 * have served a page that stays valid for years.
 */
const NOTHING_KEPT = { 'clear-site-data': '"cache"' };

/**
 * Lets a browser in by a link: whoever has its code registers the key that signed this request. A code is long and random, so
 * that wrong ones are a matter of what they cost, and never keep a true one out.
 */
export function createEntering(
  deps: Proving & {
    logins: WebLogins;
    codes: EntryCodes;
    wrongCodes: WrongCodes;
    personById(id: string): Person | undefined;
  },
) {
  return async (context: Context): Promise<Response> => {
    const proof = freshProof(context.req.header('authorization'), deps);
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const { code, key } = await body(context.req, enterBody);
    const invited = deps.codes.find(code);
    // Who made the link may have been taken out of the settings since.
    if (invited === undefined || !deps.personById(invited)) {
      await deps.wrongCodes.add();
      throw refusal(
        403,
        'link-used',
        'This link has been used, is older than ten minutes, or is of before the last start.',
        `Get another: "${shellCommand('web-link')}" on the host.`,
      );
    }
    if (proof.login !== loginId(key) || proof.digest !== digestOf(bytes)) throw notSignedIn();
    mustBeSigned(proof, context.req.raw, key, deps);
    const person = deps.codes.take(code)!;
    const browser = browserName(context.req.header('user-agent'));
    deps.logins.add({ id: proof.login, person, publicKey: key, browser });
    return context.json({ login: proof.login }, 200, NOTHING_KEPT);
  };
}
