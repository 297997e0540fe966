/** Where the browser keeps the key of a login: a database of this origin, from which no script can take the key out. */
const DATABASE = 'xaxbot';
const STORE = 'login';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Some browsers' storage never answers; then nobody is signed in. Milliseconds. */
const LOADING_LIMIT = 5_000;

/** What this page signs with; null until somebody is signed in. */
let login = null;

/** What the bot wants to be signed with each request, and how many have been signed with it. */
let challenge = '';
let takenAt = 0;
let count = 0;

/** A challenge is asked for anew before the bot's five minutes are over, milliseconds. */
const CHALLENGE_LIMIT = 4 * 60_000;

/** Whether this browser has a key. */
export const isKnown = () => login !== null;

/** Takes the key that this browser keeps, if it has one. */
export async function load() {
  const kept = inStore('readonly', (store) => store.get(STORE)).catch(() => null);
  const tooLate = new Promise((resolve) => setTimeout(resolve, LOADING_LIMIT));
  login = (await Promise.race([kept, tooLate])) ?? null;
}

/** Makes the key of a new login; resolves to its public part. Nobody can read the other, this page neither. */
export async function make() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ['sign']);
  const point = await crypto.subtle.exportKey('raw', publicKey);
  const made = { id: await digest(point), privateKey };
  login = made;
  return {
    key: base64url(point),
    // A browser that keeps nothing (a private window) is signed in for as long as its page is open.
    keep: () => inStore('readwrite', (store) => store.put(made, STORE)).catch(() => {}),
  };
}

export async function drop() {
  login = null;
  await inStore('readwrite', (store) => store.delete(STORE)).catch(() => {});
}

/** The proof of one request: its method, its path with the query, its body, and a number that no other has. */
export async function signed(method, path, body = '') {
  const { pathname, search } = new URL(path, location.href);
  const number = ++count;
  const signedFor = challenge;
  const sum = await digest(new TextEncoder().encode(body));
  const text = ['xaxbot request', method, pathname + search, sum, login.id, signedFor, number].join('\n');
  const bytes = new TextEncoder().encode(text);
  const signature = base64url(await crypto.subtle.sign(ALGORITHM, login.privateKey, bytes));
  const proof = `login=${login.id}, challenge=${signedFor}, count=${number}, digest=${sum}, signature=${signature}`;
  return { authorization: `Signed ${proof}` };
}

/** Signs for this challenge from now on. */
export function take(wanted) {
  challenge = wanted;
  takenAt = Date.now();
  count = 0;
}

/** Whether there is a challenge to sign for that is not old. */
export const hasChallenge = () => challenge !== '' && Date.now() - takenAt < CHALLENGE_LIMIT;

function inStore(mode, ask) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const asked = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
      database.close();
    };
  });
}

async function digest(bytes) {
  return base64url(await crypto.subtle.digest('SHA-256', bytes));
}

function base64url(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
