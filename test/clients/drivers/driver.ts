/** What a client is given. */
export interface Kit {
  /** The heading of docs/agents.md with its snippet. */
  heading: string;
  /** Where it is installed: `node_modules` or `venv` stand there. */
  installed: string;
  /** Its home and working folder, empty. */
  home: string;
  /** The folder of xaxbot. */
  xaxbot: string;
  /** The scripted model's, without a slash at its end. */
  modelUrl: string;
}

/** How it is started. */
export interface Start {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** Lays out what a client needs in its home, and says how it is started. */
export type Driver = (kit: Kit) => Start;
