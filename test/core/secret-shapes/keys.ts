import { base64 } from '../random-secrets.ts';
import { json, type Shape, shapesOf } from './shape.ts';

const pem = (kind: string, lines: string[]) =>
  [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join('\n');
const keyLines = () => Array.from({ length: 8 }, () => base64(64));

/** Private keys, whole and in part. */
export function ofKeys(): Shape[] {
  const inPem = [
    'RSA PRIVATE KEY',
    'PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'EC PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
  ].flatMap((kind) => {
    const lines = keyLines();
    const whole = pem(kind, lines);
    const [head, tail] = [whole.split('\n').slice(0, 6), whole.split('\n').slice(4)];
    return [
      { name: `${kind}, whole`, text: `wrote\n${whole}\nstep 12`, secrets: lines },
      { name: `${kind}, its END cut off`, text: `wrote\n${head.join('\n')}`, secrets: lines.slice(0, 5) },
      { name: `${kind}, its BEGIN cut off`, text: `${tail.join('\n')}\nstep 12`, secrets: lines.slice(3) },
      { name: `${kind}, within JSON`, text: json({ k: whole, step: 12 }), secrets: lines },
      {
        name: `${kind}, tail within JSON`,
        text: `${json(tail.join('\n')).slice(1)}, "step": 12`,
        secrets: lines.slice(3),
      },
      {
        name: `${kind}, indented`,
        text: `  key: |\n${whole.replace(/^/gm, '    ')}\nstep: 12`,
        secrets: lines,
      },
      {
        name: `${kind}, behind a log's times`,
        text: whole.replace(/^/gm, '2026-11-23 15:24:01 INFO '),
        secrets: lines,
      },
      {
        name: `${kind}, tail behind a log's times`,
        text: `${tail.join('\n').replace(/^/gm, '[rank0] ')}\nstep 12`,
        secrets: lines.slice(3),
      },
    ];
  });
  const otherwise = shapesOf((add) => {
    add(
      'a service account',
      (s) => json({ type: 'service_account', private_key: pem('PRIVATE KEY', [s]) }),
      base64(64),
    );
    add(
      'a PGP key',
      (s) => `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${s}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----`,
      base64(64),
    );
    add(
      'a PuTTY key',
      (s) => `PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n${s}\nPrivate-MAC: 12`,
      base64(64),
    );
    add('an OpenSSH key without its lines', (s) => `b3BlbnNzaC1rZXktdjEAAAAA${s}`, base64(70));
    add('a PKCS#8 key without its lines', (s) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw${s}`, base64(60));
  });
  return [...inPem, ...otherwise];
}
