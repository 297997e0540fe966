import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What starts a program of our own in a process of its own. `path`: of its module without the extension, from the module at
 * `from` (`import.meta.url`): a checkout runs TypeScript, the package what was made of it. `flags`: of Node.
 */
export function ownProgram(path: string, from: string, flags: readonly string[] = []): string[] {
  const module = fileURLToPath(new URL(`${path}${extname(from)}`, from));
  return [process.execPath, '--disable-warning=ExperimentalWarning', ...flags, module];
}
