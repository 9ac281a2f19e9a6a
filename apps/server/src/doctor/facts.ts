import type { Config } from '../config.ts';
import type { CountersFact } from './read-counters.ts';

/** A file or folder that must not be readable by others, with its permission bits; absent when it does not exist. */
export type FileFact = { path: string; mode: number; holds: string };

export type KeyFact = {
  id: string;
  name: string;
  /** The id of its project; absent for the first one, which commands take unless another is named. */
  project?: string;
  permissions: readonly string[];
  createdAtMs: number;
  lastUsedAtMs: number | undefined;
};

/** What the checks look at. A part that could not be read is absent, and its checks say nothing. */
export type Facts = {
  config: Config;
  nowMs: number;
  files: readonly FileFact[];
  /** Live API keys that are neither revoked nor expired. */
  keys: readonly KeyFact[] | undefined;
  hasOwner: boolean | undefined;
  /** Servers on the database that were seen lately. */
  serverCount: number | undefined;
  /** Absent where there is no REDIS_URL. */
  counters: CountersFact | undefined;
};
