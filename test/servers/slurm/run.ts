import { spawn } from 'node:child_process';

export interface Said {
  code: number | null;
  out: string;
  error: string;
}

export interface Asked {
  /** Another user of this machine, by number, as whom it is run; this one unless given. */
  uid?: number;
  input?: string;
  environment?: Record<string, string>;
}

/** Runs a command to its end in `folder`, with nothing in its environment but what is given. */
export function runIn(
  folder: string,
  argv: readonly string[],
  environment: Record<string, string>,
  { uid, input = '' }: Asked,
): Promise<Said> {
  const as = uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const [program, ...rest] = [...as, ...argv];
  return new Promise((resolve, reject) => {
    const child = spawn(program!, rest, { cwd: folder, env: environment });
    const said: Said = { code: null, out: '', error: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.error += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...said, code }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
