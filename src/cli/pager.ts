import type { Depth } from '../../adapters/terminal/colours.ts';
import { linesText, screenSize } from '../../adapters/terminal/screen.ts';
import { foldedLine, type Line } from '../../adapters/terminal/styled.ts';
import { findProgram } from '../processes/find-program.ts';

/** How less is called where nobody says otherwise: it ends by itself for what fits, keeps colours, and leaves its text there. */
const LESS = 'FRX';
/** What a pager needs of the environment; the rest may hold secrets. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TERMINFO\w*|COLORTERM|LANG|LC_\w+|TMPDIR|XDG_\w+|EDITOR|VISUAL|PAGER|LESS\w*|MORE|MOST\w*|BAT_\w+)$/;

/**
 * Shows lines page by page where standard output is a terminal that they do not fit: with PAGER, else less.
 * An empty one, or `cat`, is none. Resolves to false where they have to be written.
 */
export function createPager(
  env: NodeJS.ProcessEnv,
  depth: Depth,
): (lines: readonly Line[]) => Promise<boolean> {
  return async (lines) => {
    const { width, height } = screenSize();
    if (width === undefined || height === undefined) return false;
    // The shell's next prompt takes a line.
    const rows = lines.reduce((sum, line) => sum + foldedLine(line, width).length, 0);
    if (rows < height) return false;
    const line = (env.PAGER ?? 'less').trim();
    const [name = ''] = line.split(/\s+/);
    if (name === '' || line === 'cat' || !findProgram(name, env, process.cwd())) return false;
    const { page } = await import('../processes/page.ts');
    const text = linesText(lines, showsColours(name, env) ? depth : 0);
    const passed = Object.fromEntries(Object.entries(env).filter(([each]) => PASSED.test(each)));
    return page(line, text, { ...passed, LESS: env.LESS ?? LESS });
  };
}

/** less spells out the colours that it is given unless it is told to keep them. */
function showsColours(name: string, { LESS: options }: NodeJS.ProcessEnv): boolean {
  return !/(^|\/)less$/.test(name) || options === undefined || /R|raw-control-chars/i.test(options);
}
