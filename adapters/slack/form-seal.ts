import { createHmac, timingSafeEqual } from 'node:crypto';

/** Bytes of a seal. */
const SEAL_BYTES = 16;

/**
 * What stands in a form and comes back with it, sealed for whoever it was opened for: what a form is about, and where its
 * answer goes, decide what they may do, so that it must be what was put there.
 */
export function createFormSeal(secret: string) {
  const key = createHmac('sha256', secret).update('forms').digest();
  const sealOf = (text: string, user: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([user, text]))
      .digest()
      .subarray(0, SEAL_BYTES);

  return {
    /** `text` with its seal, to be put into a form of this user's. */
    sealed: (text: string, user: string): string => `${sealOf(text, user).toString('base64url')}.${text}`,
    /** The text again; undefined for another text, or somebody else's. */
    opened(sealed: string, user: string): string | undefined {
      const cut = sealed.indexOf('.');
      const given = Buffer.from(sealed.slice(0, Math.max(0, cut)), 'base64url');
      const text = sealed.slice(cut + 1);
      return given.length === SEAL_BYTES && timingSafeEqual(given, sealOf(text, user)) ? text : undefined;
    },
  };
}

export type FormSeal = ReturnType<typeof createFormSeal>;
