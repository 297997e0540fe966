/** Where a subcommand runs: the process's environment and folder. */
export interface Place {
  env: NodeJS.ProcessEnv;
  cwd: string;
}
