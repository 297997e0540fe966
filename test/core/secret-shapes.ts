import { inFiles } from './secret-shapes/files.ts';
import { ofKeys } from './secret-shapes/keys.ts';
import { asOthersWrite } from './secret-shapes/others.ts';
import { inPrograms } from './secret-shapes/programs.ts';
import type { Shape } from './secret-shapes/shape.ts';
import { TOKEN_SHAPES } from './secret-shapes/tokens.ts';
import { inVariables } from './secret-shapes/variables.ts';
import { onTheWeb } from './secret-shapes/web.ts';
import { inWords } from './secret-shapes/words.ts';

export { leakOf, type Shape } from './secret-shapes/shape.ts';
export { TOKEN_SHAPES } from './secret-shapes/tokens.ts';

/** Every text that holds secrets, in whatever form and wherever they stand. */
export const SHAPES: readonly Shape[] = [
  ...ofKeys(),
  ...inVariables(),
  ...inPrograms(),
  ...onTheWeb(),
  ...inFiles(),
  ...inWords(),
  ...asOthersWrite(),
  ...TOKEN_SHAPES,
];
