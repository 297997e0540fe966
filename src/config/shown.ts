import { z } from 'zod';
import { legibleLine } from '../core/unseen.ts';

/** A name or a description that stands on every surface, as it may stand there. */
export const shown = z.string().transform(legibleLine);
