import { commandsPage } from './commands.ts';

/** The pages that are made, by their paths in the repository. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'docs/commands.md': commandsPage,
};
