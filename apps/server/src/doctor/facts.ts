import type { Config } from '../config.ts';
import type { CountersFact } from './read-counters.ts';

/** A file or folder that must not be readable by others. */
export type FileFact = {
  path: string;
  mode: number;
  uid?: number;
  holds: string;
  /** Put there by somebody else, such as an orchestrator that mounts secrets for a group. */
  isMounted?: boolean;
};

/** A folder above one of them that other accounts may write. */
export type OpenFolderFact = { path: string; above: string };

export type KeyFact = {
  id: string;
  name: string;
  /** The id of its project; absent for the first one, which commands take unless another is named. */
  project?: string;
  mode?: 'live' | 'test';
  permissions: readonly string[];
  createdAtMs: number;
  lastUsedAtMs: number | undefined;
  expiresAtMs?: number | undefined;
  hasIpRanges?: boolean;
};

export type PersonFact = {
  organization: string;
  email: string;
  role: string;
  hasTwoFactor: boolean;
  /** When somebody joined, for whom was never active. */
  lastActiveAtMs: number;
  /** After how many days the organization holds a member for stale, and whether it asks everybody for two factors. */
  staleDays: number;
  twoFactorRequired: boolean;
};

/** What brings an organization its news. */
type AlertingFact = {
  organization: string;
  destinations: number;
  /** Names of those that the last message did not reach. */
  failing: readonly string[];
  alerts: number;
};

export type AuditFact = {
  faults: readonly string[] /** How many chains were too long or too many to look at. */;
  leftOut?: number;
};

export type RuntimeFact = {
  nodeVersion: string;
  /** Undefined where accounts have no number. */
  uid: number | undefined;
  /** What Node was started with, on the command line and in NODE_OPTIONS. */
  options: readonly string[];
  /** Names of variables that make Node or a library tell more than it should, with what matters of their values. */
  variables: { readonly [name: string]: string };
  /** Whether a crash could write memory to disk. */
  dumpsMemory: boolean;
  /** Swap that is no memory and not known to be encrypted. */
  swap: readonly string[];
};

export type MasterKeyFact = {
  from: 'environment' | 'file' | 'elsewhere';
  path?: string;
  isInsideData: boolean;
  isWeak: boolean;
};

export type CertificateFact = { file: string; problem?: string; expiresAtMs?: number };

export type StoreAddressFact = { name: string; host: string; addresses: readonly string[] };

/** What the checks look at. A part that could not be read is undefined, and its checks are left out. */
export type Facts = {
  config: Config;
  nowMs: number;
  files: readonly FileFact[];
  openFolders: readonly OpenFolderFact[];
  masterKey: MasterKeyFact;
  /** Absent where a proxy does it. */
  certificate?: CertificateFact | undefined;
  runtime: RuntimeFact | undefined;
  /** What the names of stores lead to. */
  storeAddresses: readonly StoreAddressFact[] | undefined;
  /** Live API keys that are neither revoked nor expired, the oldest 10,000. */
  keys: readonly KeyFact[] | undefined;
  hasOwner: boolean | undefined;
  people: readonly PersonFact[] | undefined;
  /** Projects over which there is no budget, as `organization/project`. */
  projectsWithoutBudget: readonly string[] | undefined;
  alerting: readonly AlertingFact[] | undefined;
  audit: AuditFact | undefined;
  /** Servers on the database that were seen lately. */
  serverCount: number | undefined;
  /** Undefined where there is no REDIS_URL. */
  counters: CountersFact | undefined;
  /** Why what the stores know is not known. */
  whyNoStore?: string;
};
