import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import type { Preset } from '../../core/preset.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { cureText, remarksOn } from '../../files/walls.ts';
import { findProgram } from '../../processes/find-program.ts';
import { run } from '../../processes/run.ts';

const OUTPUT_MAX_BYTES = 64 * 1024;
/**
 * Looks for a module as `python -m` does, without importing it or the packages that it is in: of a dotted name only the first part may
 * be asked of importlib.util, which imports the parents of others.
 */
const FIND = `import sys, importlib.util, importlib.machinery as machinery, json
parts = sys.argv[1].split(".")
def find(parts):
    spec = importlib.util.find_spec(parts[0])
    for count in range(2, len(parts) + 1):
        if spec is None or spec.submodule_search_locations is None:
            return None
        spec = machinery.PathFinder.find_spec(".".join(parts[:count]), spec.submodule_search_locations)
    return spec
spec = find(parts)
if spec is not None and spec.submodule_search_locations is not None:
    spec = find(parts + ["__main__"])
xax = importlib.util.find_spec("xax")
# A folder of that name is no package that anybody installed.
has = xax is not None and xax.origin is not None
print(json.dumps({"found": spec is not None, "xax": has, "version": sys.version.split()[0]}))`;

/** Whether a preset can be launched: its folder, its program, and the module that its Python is to run. */
export async function checkPreset(
  { name: preset, cwd, argv }: Preset,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Finding[]> {
  const name = `preset ${preset}`;
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    return [failure(name, `the folder ${cwd} does not exist`, 'correct cwd: in xaxbot.yaml')];
  const [program = '', ...rest] = argv;
  const path = findProgram(program, env, cwd);
  if (path === undefined)
    return [
      failure(
        name,
        `there is no program ${program}`,
        `name the Python of the project in argv: of xaxbot.yaml, or run "${shellCommand('init')}"`,
      ),
    ];
  const open = remarksOn('named program', path).find(({ act }) => act === 'refuse');
  if (open)
    return [failure(name, `${open.what}: ${open.why}`, cureText({ cure: open.cure, otherwise: undefined }))];
  const at = rest.indexOf('-m');
  const module = at >= 0 ? rest[at + 1] : undefined;
  if (!/^python[\d.]*$/.test(path.split('/').at(-1)!) || at > 0 || module === undefined) {
    const script = rest.find((word) => word.endsWith('.py'));
    return script !== undefined && !existsSync(join(cwd, script)) && !existsSync(script)
      ? [failure(name, `there is no ${script} in ${cwd}`, 'correct argv: in xaxbot.yaml')]
      : [fine(name, `${path} in ${cwd}`)];
  }
  const result = await run({
    argv: [path, '-c', FIND, module],
    cwd,
    env,
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  const answer = answerOf(result.stdout.toString('utf8'));
  const last = result.stderr.trim().split('\n').at(-1) ?? '';
  if (!answer)
    return [
      failure(
        name,
        `${path} ${result.timedOut ? `does not answer within ${timeoutMs / 1_000} s` : `does not run: ${result.startError ?? last}`}`,
        `try it: cd ${cwd} && ${path} --version`,
      ),
    ];
  const known = `Python ${answer.version} (${path})`;
  if (!answer.found)
    return [
      failure(
        name,
        `${known} finds no module ${module} in ${cwd}`,
        `correct cwd: and argv: in xaxbot.yaml, or run "${shellCommand('init')}"`,
      ),
    ];
  if (!answer.xax)
    return [
      failure(
        name,
        `${known} has no xax`,
        `${path} -m pip install xax, or name the Python of the project in argv: of xaxbot.yaml`,
      ),
    ];
  return program.includes('/')
    ? [fine(name, `${module} by ${known}`)]
    : [
        warning(
          name,
          `${module} by ${known}, which is the first on PATH here`,
          'name the Python of the project by its path in argv: of xaxbot.yaml',
        ),
      ];
}

function answerOf(text: string): { found: boolean; xax: boolean; version: string } | undefined {
  try {
    return JSON.parse(text.trim().split('\n').at(-1)!);
  } catch {
    return undefined;
  }
}
