import { commandsPage } from './commands.ts';
import { configurationPage } from './configuration.ts';

/** The pages that are made, wholly or in part, by their paths in the repository; each is given the page as it stands. */
export const PAGES: Readonly<Record<string, (page: string) => string>> = {
  'docs/commands.md': commandsPage,
  'docs/configuration.md': configurationPage,
};
