import type { Key } from '@app/contract';
import { shownText, writeTable } from './write-table.ts';

/** Keys as aligned columns with a line of headings. */
export function writeKeysTable(keys: readonly Key[], nowMs: number): string {
  if (keys.length === 0) return 'No keys. Make one with: tokenrouter keys create --name NAME\n';
  const headings = ['ID', 'NAME', 'KEY', 'KIND', 'ENVIRONMENT', 'STATE', 'CREATED', 'LAST USED'];
  const rows = keys.map((key) => [
    key.id,
    shownText(key.name),
    `${key.prefix}...${key.last_four}`,
    key.kind,
    shownText(key.environment),
    stateOf(key, nowMs),
    dayOf(key.created_at),
    key.last_used_at === null ? 'never' : dayOf(key.last_used_at),
  ]);
  return writeTable(headings, rows);
}

/** One key, a line for each thing about it. */
export function writeKeyDetails(key: Key, nowMs: number): string {
  const listed = (values: readonly string[] | null, none: string) =>
    values === null || values.length === 0 ? none : values.map((value) => shownText(value, 200)).join(', ');
  const lines: [string, string][] = [
    ['id', key.id],
    ['name', shownText(key.name, 128)],
    ['key', `${key.prefix}...${key.last_four}`],
    ['kind and mode', `${key.kind}, ${key.mode}`],
    ['environment', shownText(key.environment, 64)],
    ['state', stateOf(key, nowMs)],
    ['permissions', key.permissions.join(', ')],
    ['owner', key.owner === null ? 'nobody named' : shownText(key.owner, 254)],
    ['tags', listed(key.tags, 'none')],
    ['models', listed(key.models, 'any')],
    ['providers', listed(key.providers, 'any')],
    ['addresses', listed(key.ip_ranges, 'any')],
    ['requests a minute', String(key.requests_per_minute_max)],
    ['calls at once', String(key.concurrency_max)],
    ['created', `${key.created_at}${key.created_by === null ? '' : ` by ${key.created_by}`}`],
    ['expires', key.expires_at ?? 'never'],
    [
      'last used',
      key.last_used_at === null ? 'never' : `${key.last_used_at} from ${key.last_used_ip ?? '?'}`,
    ],
    ['replaces', key.replaces ?? 'no key'],
    ['replaced by', key.replaced_by ?? 'no key'],
  ];
  return lines.map(([name, value]) => `${name.padEnd(19)}${value}\n`).join('');
}

/** What became of a key: `active`, `until` a day, `replaced, until` a day, `expired`, `revoked`. */
export function stateOf(key: Key, nowMs: number): string {
  if (key.revoked_at !== null) return 'revoked';
  if (key.expires_at === null) return 'active';
  if (Date.parse(key.expires_at) <= nowMs) return 'expired';
  return `${key.replaced_by === null ? '' : 'replaced, '}until ${dayOf(key.expires_at)}`;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
