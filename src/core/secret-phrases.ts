import { isSecretName, looksLikeToken } from './secret-names.ts';

/** A phrase that gives a secret: `begin` stays, `value` is the secret if `isGiven` says so. */
interface Phrase {
  /** Nothing of it is in a text without this. */
  needs: RegExp;
  pattern: RegExp;
  isGiven?(match: RegExpExecArray, text: string): boolean;
}

const nameIsSecret = ({ groups }: RegExpExecArray) => isSecretName(groups!.name!);
const valueIsToken = ({ groups }: RegExpExecArray) => looksLikeToken(groups!.value!);
/** How far back in its line a flag's program may stand. */
const PROGRAM_MAX = 300;
const FLAGS: readonly (readonly [flag: RegExp, program: RegExp])[] = [
  [/^(?:-[uUb]|--(?:proxy-)?user|--cookie)$/, /(?<!\w)curl(?!\w)/],
  [/^-p$/, /(?<!\w)(?:sshpass|docker login|podman login|mysql(?:dump|admin)?|mariadb)(?!\w)/],
  [/^-a$/, /(?<!\w)redis-cli(?!\w)/],
];

/** Ways to give a secret that are no name with its value beside it. */
const PHRASES: readonly Phrase[] = [
  {
    // `Invalid API key: …`, `the access token "…"`, `password is …`, and a line of netrc.
    needs: /key|token|pass|secret/i,
    pattern:
      /(?<!\w)(?<begin>(?:(?:(?:api|access|secret|private|auth|bearer|session|refresh|license)[ _-](?:key|token)|passwo?r?d|passphrase)(?:[ \t]+(?:is|was|provided|given|passed|used))?|(?:key|token|secret)[ \t]+(?:is|was|provided|given|passed|used))[ \t]*(?:[:=]|->?)?[ \t]+\\?["'`(]?)(?<value>[\w~+/=.$!-]{6,})/gi,
    isGiven: valueIsToken,
  },
  {
    // `token … has expired`: nothing says that one follows, so it must look like nothing else.
    needs: /token /i,
    pattern:
      /(?<begin>(?<!\w)token[ \t]+["'`]?)(?<value>(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=[A-Za-z]*\d)[A-Za-z0-9]{20,})/gi,
    isGiven: ({ groups }) => /[A-Z]/.test(groups!.value!) && /[a-z]/.test(groups!.value!),
  },
  {
    needs: /login\(|auth\(|identified|"password"|@(?:tcp|unix)\(/i,
    pattern:
      /(?<begin>(?<!\w)(?:login\(\s{0,9}(?:key|token)\s{0,3}=\s{0,3}["']|[\w.]{0,60}(?:basicauth|auth|login)\(\s{0,9}["'][^"'\n]{0,100}["'],\s{0,9}["']|identified[ \t]by[ \t]["']|type="password"[^<>\n]{0,200}?value="|[\w.-]{1,60}:(?=[^\s:@]{1,200}@(?:tcp|unix)\()))(?<value>[^"'\s@]{6,})/gi,
  },
  {
    // What mail, FTP and Redis are sent (RFC 4954, RFC 959).
    needs: /AUTH |PASS /,
    pattern:
      /(?<=^|\n|[> ])(?<begin>(?:AUTH(?:[ \t](?:LOGIN|PLAIN))?|PASS)[ \t]+)(?<value>[A-Za-z0-9+/=!-]{8,})(?=\s*(?:\n|$))/g,
    isGiven: valueIsToken,
  },
  {
    needs: /login/i,
    pattern:
      /(?<begin>(?<!\w)login\s{1,20}\S{1,100}\s{1,20}(?:account\s{1,20}\S{1,100}\s{1,20})?password\s{1,20})(?<value>\S+)/gi,
  },
  {
    needs: /(?:wandb|swanlab|login)/,
    pattern:
      /(?<begin>(?<!\w)(?:wandb|swanlab)[ \t]login(?:[ \t]+--?[\w-]+){0,4}[ \t]+(?:-k[ \t]+)?)(?<value>[\w-]{20,})/g,
    isGiven: valueIsToken,
  },
  {
    needs: /setenv|ENV |ARG |set -/,
    pattern:
      /(?<!\w)(?<begin>(?:setenv|ENV|ARG|set[ \t]+-[a-zA-Z]{1,4})[ \t]+(?<name>[A-Za-z_]\w{0,99})[ \t]+["']?)(?<value>[^\s"'=;][^\s"';]*)/g,
    isGiven: nameIsSecret,
  },
  {
    // Kubernetes, ECS and XML name a value beside it.
    needs: /value/i,
    pattern:
      /(?<begin>(?<!\w)(?:name|key|option)\\{0,3}["']?\s{0,20}[:=]\s{0,20}\\{0,3}["']?(?<name>[\w.-]{1,100})\\{0,3}["']?\s{0,20},?\s{0,20}\\{0,3}["']?value\\{0,3}["']?\s{0,20}[:=]\s{0,20}\\{0,3}["']?)(?<value>[^\s"'\\,}>]{1,4000})/gi,
    isGiven: nameIsSecret,
  },
  {
    needs: /value/i,
    pattern:
      /(?<begin>(?<!\w)value\\{0,3}["']\s{0,20}:\s{0,20}\\{0,3}["'])(?<value>[^"'\\\n]{1,4000})(?=\\{0,3}["']\s{0,20},\s{0,20}\\{0,3}["'](?:name|key)\\{0,3}["']\s{0,20}:\s{0,20}\\{0,3}["'](?<name>[\w.-]{1,100}))/gi,
    isGiven: nameIsSecret,
  },
  {
    needs: /input_value=/,
    pattern:
      /(?<=^|\n)(?<begin>(?<name>[\w.-]{1,100})\n[ \t]{1,8}[^\n]{0,300}?input_value=b?["']?)(?<value>[^\n"']+)/g,
    isGiven: nameIsSecret,
  },
  {
    needs: /username/,
    pattern:
      /(?<begin>(?<!\w)username\\?["']\s{0,9}:\s{0,9}\\?["'][^"'\n]{1,100}["']\s{0,9},\s{0,9}\\?["']key\\?["']\s{0,9}:\s{0,9}\\?["'])(?<value>[^"'\n\\]+)/g,
  },
  {
    // A line of .pgpass, by PostgreSQL's own ports.
    needs: /:(?:5432|5433|6432):/,
    pattern:
      /(?<begin>(?<![\w.*-])[\w.*-]{1,100}:(?:5432|5433|6432):[\w*-]{1,63}:[\w*-]{1,63}:)(?<value>\S+)/g,
  },
  {
    needs: /curl|sshpass|login|mysql|mariadb|redis-cli/,
    pattern:
      /(?<=\s)(?<begin>(?<flag>-[uUbpa]|--(?:proxy-)?user|--cookie)(?:[= \t]{0,3})["']?(?:[^\s:"'=]{1,100}[:=])?)(?<value>[^\s"'`]+)/g,
    isGiven: ({ groups, index }, text) => {
      // After a name's colon, or by itself.
      if (!/[:=]["']?$/.test(groups!.begin!) && !/^-[pa]$/.test(groups!.flag!)) return false;
      const before = text.slice(Math.max(0, index - PROGRAM_MAX), index);
      const line = before.slice(before.lastIndexOf('\n') + 1);
      return FLAGS.some(([flag, program]) => flag.test(groups!.flag!) && program.test(line));
    },
  },
  {
    needs: /bearer/i,
    // RFC 6750; the word stands in prose too, so what follows must look like a token.
    pattern: /(?<begin>(?<!\w)Bearer[ \t]{1,4})(?<value>(?=[\w.~+/=-]*\d)[\w.~+/=-]{6,})/gi,
  },
  {
    needs: /basic/i,
    // RFC 7617: a name and a password around a colon.
    pattern: /(?<begin>(?<!\w)Basic[ \t]{1,4})(?<value>[A-Za-z0-9+/]{8,4000}={0,2})/gi,
    isGiven: ({ groups }) =>
      /^[\x20-\x7e]{1,200}:/.test(Buffer.from(groups!.value!, 'base64').toString('latin1')),
  },
];

/** A text with `mask` in place of what such phrases give. */
export function maskPhrases(text: string, mask: string): string {
  return PHRASES.reduce(
    (given, phrase) => (phrase.needs.test(given) ? withoutPhrase(given, phrase, mask) : given),
    text,
  );
}

function withoutPhrase(text: string, { pattern, isGiven }: Phrase, mask: string): string {
  let done = '';
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const { begin = '', value = '' } = match.groups!;
    if (value.includes(mask) || (isGiven && !isGiven(match as RegExpExecArray, text))) continue;
    const from = match.index + begin.length;
    done += `${text.slice(at, from)}${mask}`;
    at = from + value.length;
  }
  return done + text.slice(at);
}
