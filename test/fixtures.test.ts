import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** Names that every shell or container sets: a text that gives values to several of them is a dump of an environment. */
const VARIABLE =
  /\b(PATH|PWD|OLDPWD|HOME|SHELL|USER|LOGNAME|HOSTNAME|TERM|LANG|SHLVL|LS_COLORS|VIRTUAL_ENV|CONDA_PREFIX|LD_LIBRARY_PATH|PYTHONPATH|SSH_\w+|XDG_\w+|\w+_(TOKEN|SECRET|PASSWORD|API_KEY))["']?\s*[=:]/g;
const VARIABLES_MAX = 2;
/** A person's folder, other than that of the made-up Ada whose project the logs are of. */
const HOME = /(?<![\w/.-])(\/home\/(?!ada\b)[\w.-]+|\/root\b|\/Users\/[\w.-]+|[A-Z]:\\Users\\[\w.-]+)/;

function leaks(text: string): string[] {
  const variables = new Set([...text.matchAll(VARIABLE)].map(([, name]) => name!));
  const home = HOME.exec(text)?.[0];
  return [
    ...(variables.size > VARIABLES_MAX ? [`an environment: ${[...variables].join(', ')}`] : []),
    ...(home === undefined ? [] : [`a home folder: ${home}`]),
  ];
}

const files = readdirSync(FIXTURES, { recursive: true, withFileTypes: true }).filter((entry) =>
  entry.isFile(),
);

describe('the recorded files', () => {
  it('hold no environment and no home folder of whoever recorded them', () => {
    const found = files.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return leaks(readFileSync(path, 'latin1')).map(
        (leak) => `${path.slice(FIXTURES.length + 1)} holds ${leak}`,
      );
    });
    expect(files.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it('would be seen if they held one', () => {
    expect(leaks('PATH=/usr/bin\nHOME=/srv/a\nTERM=xterm')).toEqual(['an environment: PATH, HOME, TERM']);
    expect(leaks("{'HOSTNAME': 'g1', 'PWD': '/', 'WANDB_API_KEY': 'x'}")).toEqual([
      'an environment: HOSTNAME, PWD, WANDB_API_KEY',
    ]);
    expect(leaks('File "/home/bob/train.py"')).toEqual(['a home folder: /home/bob']);
    expect(leaks('"/root/.xax"')).toEqual(['a home folder: /root']);
    expect(leaks('/home/ada/proj and /srv/a/home/queue_state.json')).toEqual([]);
  });
});
