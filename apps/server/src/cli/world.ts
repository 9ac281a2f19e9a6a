import type { Variables } from '../config/resolve-references.ts';
import type { KeepStore } from './open-cli-store.ts';

/** What a command has of the process it runs in; main.ts hands it over. */
export type World = {
  variables: Variables;
  /** Prints to standard output. */
  print(text: string): void;
  /** Prints to standard error. */
  warn(text: string): void;
  /** Standard input, for what must not stand on a command line. */
  readInput?(): AsyncIterable<Uint8Array>;
  /** Asks a person for one line and does not show it; absent where nobody sits at a terminal. */
  readHidden?(question: string): Promise<string>;
  /** What this process is. Absent in tests that do not ask. */
  runtime?: {
    nodeVersion: string;
    /** Absent where accounts have no number. */
    uid?: number;
    /** What Node was started with, without NODE_OPTIONS. */
    execArgv: readonly string[];
  };
  /** Whether a person reads standard output. */
  isTerminal: boolean;
  /** Has what a command opened kept open until what it changed is written down. */
  keepStore?: KeepStore;
  /** Resolves when the process is asked to end. */
  stopRequested: Promise<void>;
  /** Resolves when something failed that nobody foresaw, after it was logged: what is under way may end, and no more. */
  crashed?: Promise<unknown>;
  /** Hands over what to run when the process is told that its files were changed (SIGHUP). */
  onReload?(run: () => void): void;
};
