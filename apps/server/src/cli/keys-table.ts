import { stripVTControlCharacters } from 'node:util';
import type { Key } from '@app/contract';

/** Keys as aligned columns with a line of headings. */
export function writeKeysTable(keys: readonly Key[], nowMs: number): string {
  if (keys.length === 0) return 'No keys yet. Make one with: tokenrouter keys create --name NAME\n';
  const headings = ['ID', 'NAME', 'KEY', 'KIND', 'ENVIRONMENT', 'STATE', 'CREATED', 'LAST USED'];
  const rows = keys.map((key) => [
    key.id,
    shown(key.name),
    `${key.prefix}...${key.last_four}`,
    key.kind,
    shown(key.environment),
    stateOf(key, nowMs),
    dayOf(key.created_at),
    key.last_used_at === null ? 'never' : dayOf(key.last_used_at),
  ]);
  const widths = headings.map((heading, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), heading.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[headings, ...rows].map(line).join('\n')}\n`;
}

function stateOf(key: Key, nowMs: number): string {
  if (key.revoked_at !== null) return 'revoked';
  if (key.expires_at === null) return 'active';
  return Date.parse(key.expires_at) <= nowMs ? 'expired' : `until ${dayOf(key.expires_at)}`;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** A name is somebody's free text: nothing in it may move the cursor or begin a new line. */
function shown(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{C}/gu, ' ').slice(0, 40);
}
