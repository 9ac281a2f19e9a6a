import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'servers.json';
/** More than these did not start in this folder without one of them getting as far as naming itself alone. */
const IDS_MAX = 100;

/** The servers that journaled in this folder and may have left calls under way. Empty for a folder without any. */
export function readPredecessors(dir: string): string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dir, FILE), 'utf8'));
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string').slice(0, IDS_MAX) : [];
  } catch {
    return [];
  }
}

/** Names whoever journals in this folder from now on. */
export function writePredecessors(dir: string, serverIds: readonly string[]): void {
  const path = join(dir, FILE);
  writeFileSync(`${path}.new`, JSON.stringify(serverIds), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
