/**
 * Tokens that show what they are, as their issuers document them: how one begins, and what follows. Sources: each issuer's
 * own pages, and the partner patterns of GitHub's and GitLab's secret scanning.
 */
const FORMS: readonly (readonly [begins: string, follows: string])[] = [
  // Machine learning.
  ['wandb_v1_', '[\\w-]{40,}'],
  ['hf_', '[A-Za-z0-9]{20,}'],
  ['api_org_', '[A-Za-z0-9]{20,}'],
  [
    '(?<![_-])sk-',
    '(?=[\\w-]*\\d)(?:[a-z0-9]{2,12}-(?=[\\w-]*[A-Z]|(?:v\\d-)?[0-9a-f]{32})[\\w-]{20,}|(?:proj|svcacct|admin|ant|or|lf)-[\\w-]{16,}|[A-Za-z0-9]{20,}[\\w-]*)',
  ],
  ['nvapi-', '[\\w-]{40,}'],
  ['r8_', '[A-Za-z0-9]{30,}'],
  ['gsk_', '[A-Za-z0-9]{40,}'],
  ['xai-', '[A-Za-z0-9]{40,}'],
  ['pplx-', '[A-Za-z0-9]{40,}'],
  ['tvly-', '[\\w-]{24,}'],
  ['tgp_v1_', '[\\w-]{24,}'],
  ['fw_', '(?=[A-Za-z]*\\d)[A-Za-z0-9]{20,}'],
  ['lsv2_(?:pt|sk)_', '\\w{32,}'],
  ['pcsk_', '\\w{40,}'],
  ['rpa_', '[A-Z0-9]{40,}\\w*'],
  ['(?<![_-])a[ks]-', '(?=[A-Za-z]*\\d)(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{22}(?![\\w-])'],
  ['pn[ubs]_', '[A-Za-z0-9]{36}'],
  ['eyJhcGlfYWRkcmVzcyI6', '[\\w+/-]{16,}={0,2}'],
  ['dapi', '[0-9a-f]{32}(?:-\\d+)?'],
  // Where code and packages live.
  ['gh[oprsu]_', '[A-Za-z0-9]{20,}'],
  ['github_pat_', '\\w{20,}'],
  ['gl(?:pat|dt|rtr?|ptt|cbt|i?ft|soat|agent|oas|imt|ffct|wt)-', '[\\w-]{16,}(?:\\.[\\w-]{2,}){0,2}'],
  ['AT(?:ATT3|CTT3|BB)', '[\\w-]{28,}={0,2}(?:=[0-9A-F]{8})?'],
  ['npm_', '[A-Za-z0-9]{36,}'],
  ['pypi-', '[\\w-]{16,}'],
  ['rubygems_', '[0-9a-f]{48}'],
  ['dckr_[op]at_', '[\\w-]{20,}'],
  ['AKCp', '[A-Za-z0-9]{50,}'],
  ['[A-Za-z0-9]{14}\\.atlasv1\\.', '[\\w-]{40,}'],
  // Chats.
  ['x(?:ox[abcdeoprs]|oxe\\.xox[bp]|app)-', '[A-Za-z0-9%-]{8,}'],
  ['(?<![.-])[MNO][\\w-]{22,27}\\.', '[\\w-]{6,7}\\.[\\w-]{27,}'],
  ['mfa\\.', '[\\w-]{60,}'],
  ['(?:bot)?\\d{8,10}:AA', '[\\w-]{30,}'],
  // Clouds.
  ['A(?:KIA|SIA)', '[A-Z0-9]{16}(?!\\w)'],
  ['(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)', '[\\w+/%-]{40,}={0,2}'],
  ['AIza', '[\\w-]{30,}'],
  ['ya29\\.', '[\\w.-]{20,}'],
  ['GOCSPX-', '[\\w-]{20,}'],
  ['1\\/\\/0', '[\\w-]{40,}'],
  ['(?<![.~-])[\\w.~-]{3}\\dQ~', '[\\w.~-]{30,}'],
  ['do[opr]_v1_', '[0-9a-f]{64}'],
  ['v1\\.0-', '[0-9a-f]{24}-[0-9a-f]{100,}'],
  ['fm[12][ar]?_', '[\\w+/,-]{40,}={0,2}'],
  ['tskey-[a-z]+-', '[\\w-]{16,}'],
  ['hv[sbr]\\.', '[\\w-]{20,}'],
  ['(?<!\\.)s\\.', '(?=[A-Za-z]*\\d)(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{24}(?![\\w.(])'],
  ['dp\\.(?:pt|st|ct|sa|scim|audit)\\.', '[\\w.-]{36,}'],
  ['AGE-SECRET-KEY-1', '[A-Z0-9]{40,}'],
  // Data, payment, mail and monitoring.
  ['[sr]k_(?:live|test|prod)_', '[A-Za-z0-9]{16,}'],
  ['whsec_', '[\\w+/]{20,}={0,2}'],
  ['shp(?:at|ca|pa|ss)_', '[0-9a-fA-F]{32}'],
  ['EAAA', '[\\w-]{56,60}(?![\\w+/=-])'],
  ['sq0[a-z]{3}-', '[\\w-]{22,}'],
  ['SG\\.', '[\\w-]{16,}\\.[\\w-]{16,}'],
  ['SK', '[0-9a-f]{32}(?!\\w)'],
  ['(?<![_-])key-', '[0-9a-f]{32}(?!\\w)'],
  ['x(?:keysib|smtpsib)-', '[0-9a-f]{64}-[A-Za-z0-9]{16}'],
  ['[0-9a-f]{32}-us', '\\d{1,2}(?!\\w)'],
  ['lin_(?:api|oauth)_', '[A-Za-z0-9]{30,}'],
  ['ntn_', '[A-Za-z0-9]{40,}'],
  ['secret_', '[A-Za-z0-9]{43}(?!\\w)'],
  ['pat', '[A-Za-z0-9]{14}\\.[0-9a-f]{64}'],
  ['pat-[a-z]{2}\\d-', '[0-9a-f-]{36}'],
  ['fig[dourh]_', '[\\w-]{30,}'],
  ['PMA[KT]-', '[\\w-]{30,}'],
  ['sntry[us]_', '[\\w+/=-]{40,}'],
  ['NR(?:AK|JS|AL|II|RA)-', '\\w{19,}'],
  ['glsa_', '[A-Za-z0-9]{32}_[0-9a-f]{8}'],
  ['glc_', '[\\w+/]{40,}={0,2}'],
  ['sbp_', '[0-9a-f]{40}'],
  ['sb_secret_', '[\\w-]{20,}'],
  ['pscale_(?:pw|tkn|oauth)_', '[\\w.-]{32,}'],
  ['sl\\.', '(?:u\\.)?[\\w-]{100,}'],
  // JSON web tokens, signed (RFC 7519) and encrypted (RFC 7516), and of one that was cut what is left.
  ['(?<![_-])eyJ', '[\\w-]{8,}\\.(?:[\\w-]*\\.[\\w-]{8,}(?:\\.[\\w-]+){0,2}|eyJ[\\w-]{8,})'],
];

/** What a token may stand right behind: no letter or digit, but for those of an escape in JSON or a URL, and of a colour. */
const BEFORE = '(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}|\\\\[nrtbf]|\\\\u[0-9a-fA-F]{4}|\\[[\\d;]{0,9}m))';
const BEFORE_MAX = 12;

const ANY = FORMS.map(([begins, follows]) => `${begins}${follows}`).join('|');
const FORM = new RegExp(`${BEFORE}(?:${ANY})`, 'g');
const BEGINS = new RegExp(`${BEFORE}(?:${FORMS.map(([begins]) => begins).join('|')})`);
/** One that was clipped. */
const CLIPPED = new RegExp(
  `${BEFORE}(?:${FORMS.map(([begins]) => begins)
    .filter((begins) => begins.length > 3 && !begins.includes('{'))
    .join('|')})(?=[A-Za-z_-]{0,40}\\d)[\\w-]{4,40}(?=…)`,
  'g',
);

/** A word in which a token may stand, or the first part of one. */
const WORD = /(?<![\w.~%+/=:-])[\w.~%+/=:-]{16,}/g;
/** What a narrow screen wrapped: the next line is the rest of the word and nothing else. */
const REST = /\r?\n[ \t│|>]*([\w.~%+/=-]{1,400})(?=[ \t│|]*(?:\n|$))/y;
/** AWS writes the secret beside its id, in what it exports as CSV. */
const AWS_PAIR =
  /((?<!\w)A(?:KIA|SIA)[A-Z0-9]{16}["']?[ \t]?[,:;|\t][ \t]?["']?)[A-Za-z0-9/+]{40}(?![\w/+])/g;

/** A text with `mask` in place of each token that shows by its form what it is, also where a line was wrapped within it. */
export function maskForms(given: string, mask: string): string {
  const whole = given.replace(AWS_PAIR, `$1${mask}`);
  const text = whole.includes('…') ? whole.replace(CLIPPED, mask) : whole;
  let done = '';
  let at = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (index < at) continue;
    const end = index + word.length;
    const from = Math.max(at, index - BEFORE_MAX);
    const next = text[end];
    if (next === '\n' || next === '\r') {
      const wrapped = wrappedAt(text, from, end);
      if (wrapped) {
        done += `${text.slice(at, wrapped.from)}${mask}`;
        at = wrapped.end;
        continue;
      }
    }
    const before = text.slice(from, end);
    const masked = before.replace(FORM, mask);
    if (masked === before) continue;
    done += `${text.slice(at, from)}${masked}`;
    at = end;
  }
  return done + text.slice(at);
}

/** Where a token begins and ends of which the end of a line is the first part, and the next line the rest. */
function wrappedAt(text: string, from: number, end: number): { from: number; end: number } | undefined {
  REST.lastIndex = end;
  const rest = REST.exec(text);
  const first = text.slice(from, end);
  if (!rest || !BEGINS.test(first)) return undefined;
  for (const { 0: token, index } of `${first}${rest[1]}`.matchAll(FORM))
    if (index < first.length && index + token.length > first.length)
      return { from: from + index, end: end + rest[0].length };
  return undefined;
}
