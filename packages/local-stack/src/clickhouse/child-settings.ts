import type { BridgeLimits } from './create-bridge.ts';
import type { PoolLimits } from './open-session-pool.ts';

/** What the parent writes to the child's standard input, as one line of JSON. The key travels here and nowhere else. */
export interface ChildSettings {
  socketPath: string;
  dataPath: string;
  configFolder: string;
  /** 64 hex digits; absent when the disk is not encrypted. */
  keyHex?: string;
  pool: PoolLimits;
  bridge: BridgeLimits;
  isDrained: boolean;
}
