import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '../core/errors.ts';
import { type Finding, failure, fine, warning } from '../core/finding.ts';
import type { Preset } from '../core/preset.ts';
import { shellCommand } from '../core/shell-command.ts';
import { cureText, type Remark, remarksOn } from '../files/walls.ts';
import { findProgram } from '../processes/find-program.ts';
import { type RunRequest, type RunResult, run } from '../processes/run.ts';
import { homesHere, placed, type ReadHomes } from './homes.ts';

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

/** The host that a preset is launched on. */
export interface PresetPlace {
  /** Its name; null: this one. */
  host: string | null;
  readHomes: ReadHomes;
  isFolder(path: string): Promise<boolean>;
  isFile(path: string): Promise<boolean>;
  /** The path of the program that starting it in that folder would run. */
  find(program: string, cwd: string): Promise<string | undefined>;
  /** Why a program is not to be relied on. */
  refusal(path: string): Promise<Remark | undefined>;
  run(request: Pick<RunRequest, 'argv' | 'cwd' | 'timeoutMs' | 'maxOutputBytes'>): Promise<RunResult>;
}

/** What a preset needs besides its folder. */
export interface PresetNeeds {
  /** Its Python has to have xax, whose launcher queues it. */
  xax: boolean;
  /** It runs on hosts that nobody can look at, which have that folder, and may have other programs. */
  runsElsewhere?: true;
}

/** This host, where programs get `env`. */
function placeHere(env: NodeJS.ProcessEnv): PresetPlace {
  return {
    host: null,
    readHomes: homesHere(env),
    isFolder: async (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    isFile: async (path) => existsSync(path),
    find: async (program, cwd) => findProgram(program, env, cwd),
    refusal: async (path) => remarksOn('named program', path).find(({ act }) => act === 'refuse'),
    run: (request) => run({ ...request, env }),
  };
}

/** Whether presets can be launched on this host. */
export async function checkPresetsHere(
  presets: readonly Preset[],
  needs: PresetNeeds,
  { env, timeoutMs }: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Finding[]> {
  return checkPresets(presets, placeHere(env), needs, timeoutMs);
}

/** Whether presets can be launched there: each one's folder, its program, and the module that its Python is to run. */
export async function checkPresets(
  presets: readonly Preset[],
  place: PresetPlace,
  needs: PresetNeeds,
  timeoutMs: number,
): Promise<Finding[]> {
  return Promise.all(
    presets.map(async (preset) => {
      try {
        return await checkPreset(await placed(preset, place.readHomes), place, needs, timeoutMs);
      } catch (error) {
        return failure(`preset ${preset.name}`, errorText(error));
      }
    }),
  );
}

async function checkPreset(
  { name: preset, cwd, argv }: Preset,
  place: PresetPlace,
  { xax, runsElsewhere }: PresetNeeds,
  timeoutMs: number,
): Promise<Finding> {
  const name = `preset ${preset}`;
  const on = place.host === null ? '' : ` on ${place.host}`;
  const orInit = place.host === null && xax ? `, or run "${shellCommand('init')}"` : '';
  const wrong = (detail: string, mend: string): Finding =>
    runsElsewhere
      ? warning(name, `${detail}; where it runs that may be otherwise`, mend)
      : failure(name, detail, mend);

  if (!(await place.isFolder(cwd)))
    return failure(name, `the folder ${cwd} does not exist${on}`, 'correct cwd: in xaxbot.yaml');
  const [program = '', ...rest] = argv;
  const path = await place.find(program, cwd);
  if (path === undefined)
    return wrong(
      `there is no program ${program}${on}`,
      `name the Python of the project in argv: of xaxbot.yaml${orInit}`,
    );
  const open = await place.refusal(path);
  if (open)
    return failure(name, `${open.what}: ${open.why}`, cureText({ cure: open.cure, otherwise: undefined }));
  const at = rest.indexOf('-m');
  const module = at >= 0 ? rest[at + 1] : undefined;
  if (!/^python[\d.]*$/.test(path.split('/').at(-1)!) || at > 0 || module === undefined) {
    const script = rest.find((word) => word.endsWith('.py'));
    const isThere =
      script === undefined || (await place.isFile(script.startsWith('/') ? script : join(cwd, script)));
    return isThere
      ? fine(name, `${path} in ${cwd}${on}`)
      : failure(name, `there is no ${script} in ${cwd}${on}`, 'correct argv: in xaxbot.yaml');
  }
  const result = await place.run({
    argv: [path, '-c', FIND, module],
    ...{ cwd, timeoutMs, maxOutputBytes: OUTPUT_MAX_BYTES },
  });
  const answer = answerOf(result.stdout.toString('utf8'));
  const last = result.stderr.trim().split('\n').at(-1) ?? '';
  if (!answer)
    return wrong(
      `${path}${on} ${result.timedOut ? `does not answer within ${timeoutMs / 1_000} s` : `does not run: ${result.startError ?? last}`}`,
      `try it${on}: cd ${cwd} && ${path} --version`,
    );
  const known = `Python ${answer.version} (${path})${on}`;
  if (!answer.found)
    return wrong(
      `${known} finds no module ${module} in ${cwd}`,
      `correct cwd: and argv: in xaxbot.yaml${orInit}`,
    );
  if (xax && !answer.xax)
    return wrong(
      `${known} has no xax`,
      `${path} -m pip install xax${on === '' ? '' : `,${on}`}, or name the Python of the project in argv: of xaxbot.yaml`,
    );
  return program.includes('/')
    ? fine(name, `${module} by ${known}`)
    : warning(
        name,
        `${module} by ${known}, which is the first on PATH ${place.host === null ? 'here' : 'there'}`,
        'name the Python of the project by its path in argv: of xaxbot.yaml',
      );
}

function answerOf(text: string): { found: boolean; xax: boolean; version: string } | undefined {
  try {
    return JSON.parse(text.trim().split('\n').at(-1)!);
  } catch {
    return undefined;
  }
}
