import { stripVTControlCharacters } from 'node:util';
import type { ProviderCredential } from '@app/contract';

/** Providers' keys as aligned columns with a line of headings, and a line below each that has a fault. */
export function writeCredentialsTable(credentials: readonly ProviderCredential[]): string {
  if (credentials.length === 0)
    return 'No provider keys yet. Keep one with: tokenrouter credentials create --provider NAME\n';
  const headings = ['ID', 'PROVIDER', 'NAME', 'KEY', 'WEIGHT', 'OF', 'STATUS'];
  const rows = credentials.map((credential) => [
    credential.id,
    credential.provider,
    shown(credential.name),
    keyOf(credential),
    String(credential.weight),
    ownerOf(credential),
    credential.status,
  ]);
  const widths = headings.map((heading, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), heading.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const faults = credentials.map(({ last_error }) => (last_error === null ? [] : [`  ${shown(last_error)}`]));
  return `${[line(headings), ...rows.flatMap((row, at) => [line(row), ...(faults[at] ?? [])])].join('\n')}\n`;
}

function keyOf({ last_four, reference }: ProviderCredential): string {
  if (reference !== null) return `ref ${shown(reference)}`;
  return last_four === null ? 'hidden' : `...${shown(last_four)}`;
}

function ownerOf({ source, project_id }: ProviderCredential): string {
  if (source === 'file') return 'everybody';
  return project_id === null ? 'organization' : 'project';
}

/** A name is somebody's free text: nothing in it may move the cursor or begin a new line. */
function shown(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{C}/gu, ' ').slice(0, 300);
}
