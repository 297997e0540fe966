import type { z } from 'zod';
import type { Adapter } from '../src/core/adapter.ts';
import type { AdapterPorts } from '../src/core/adapter-ports.ts';
import type { AdapterTraits } from '../src/core/adapter-traits.ts';
import type { Finding } from '../src/core/finding.ts';

/** The variables of the environment that a kind names, as far as they are set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What doctor knows of the host. */
export interface Host {
  /** Others than the bot's own user who can log in to it. */
  others: readonly string[];
}

/** What an adapter is given to look whether it works. */
export interface CheckDeps extends Host {
  /** Of its channels the ids. */
  channels: readonly string[];
  decidesBy: AdapterPorts['decidesBy'];
  /** A bot is running with this data folder. */
  isRunning: boolean;
  dataDir: string;
  proxied: boolean;
  /** How long one answer may take, milliseconds. */
  timeoutMs: number;
}

/** How an adapter is set up: what is asked, and what is left to do by hand. */
export interface SetUp {
  /** It is on anyway; else it is asked first whether it is wanted. */
  readonly isAlwaysOn: boolean;
  /** Said before the questions: where the answers come from. */
  how(): readonly string[];
  readonly asks: readonly {
    /** One of its variables. */
    readonly variable: string;
    readonly words: string;
    /** What stands for the answer behind its flag: `TOKEN`. */
    readonly value: string;
    readonly isSecret: boolean;
    /** What holds when nothing is answered. */
    readonly usual?: string;
    /** Error `config`: it cannot be taken. */
    check(text: string): void;
  }[];
  /** Asked for the ids of its channels, where it has any that are named. */
  readonly channels?: string;
  /** The next step: once it is set up, and while it is not. */
  readonly next: { readonly on: string; readonly off: string };
}

/**
 * An adapter as the registry has it: all that settings, doctor, health, help and the contract suite need to know of it.
 * It is light to import; a platform's library is loaded by `load` alone, and only where the adapter is on.
 * `Settings` is what it runs on, plain JSON; `Section` its own section of xaxbot.yaml, checked.
 */
export interface AdapterKind<Settings = unknown, Section = unknown> extends AdapterTraits {
  /** The variables of the environment that it reads; it is given these and no other, and no child process gets them. */
  readonly variables: readonly string[];
  /** Variables of its platform that it does not read, and that no child process gets either. */
  readonly otherSecrets?: readonly string[];
  /** What xaxbot.yaml may say below its name; with a default, since most files say nothing of it. */
  readonly section?: z.ZodType<Section>;
  /** What it runs on; null: it is off. Error `config` says what is wrong with a variable and what is accepted. */
  settings(variables: Variables, section: Section): Settings | null;
  /** Where things are said by themselves: `channels:` may name it. */
  readonly channels?: {
    readonly id: z.ZodType<string>;
    /** The channel that it has when none is declared, for everything. */
    readonly first?: { readonly id: string; readonly title: string; readonly description: string };
  };
  /** Somebody's account there, below its name under `people:`; each account is one person's. */
  readonly account?: z.ZodType<string>;
  /** A group of accounts there, below its name under `groups:`; each is in one of those. */
  readonly group?: z.ZodType<string>;
  /** Its lines of `xaxbot doctor`. */
  readonly doctor?: {
    /** What it is called there. */
    readonly label: string;
    /** How it is set up. */
    tells(settings: Settings | null, host: Host): string;
    /** Looks whether it works with these settings: posts nothing, opens no port, and rejects with nothing. */
    check?(settings: Settings, deps: CheckDeps): Promise<Finding[]>;
    /** It asks somebody outside of this host. */
    readonly isRemote?: boolean;
  };
  /** What `xaxbot init` asks for it; absent: nothing. */
  readonly setUp?: SetUp;
  /** What health says when xaxbot.yaml has channels of it and it is off. */
  readonly offWithChannels?: string;
  /** Loads its code, and gives what makes an adapter of it; absent: it is served by another one. */
  load?(settings: Settings): Promise<(ports: AdapterPorts) => Adapter>;
}
