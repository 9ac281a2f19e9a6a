import { findLeakedKeys } from '../keys/find-leaked-keys.ts';
import { shownOf } from '../keys/key-secret.ts';
import type { KeysCommandDeps, OpenKeys } from './keys-command.ts';
import { stateOf } from './keys-table.ts';
import { shownText } from './write-table.ts';

type Check = { json: boolean; looksUp: boolean; files: readonly string[] };

type Found = {
  place: string;
  line: number;
  column: number;
  /** What may be shown of it. */
  key: string;
  /** Absent when the store was not asked; `unknown` for a key of another installation, or one made up. */
  state?: string;
  id?: string;
  name?: string;
  project?: string;
};

/** Finds keys of ours in files or standard input. Resolves to 1 when there are any. No whole key is printed. */
export async function checkKeys(check: Check, deps: KeysCommandDeps): Promise<number> {
  const open = check.looksUp ? await deps.open() : undefined;
  try {
    const found: Found[] = [];
    for (const file of check.files.length === 0 ? [undefined] : check.files) {
      for await (const { secret, line, column } of findLeakedKeys(deps.readInput(file))) {
        const { prefix, lastFour } = shownOf(secret);
        const place = file ?? '(standard input)';
        const key = `${prefix}...${lastFour}`;
        const facts = open === undefined ? {} : await lookUp(open, secret, deps.nowMs());
        found.push({ place, line, column, key, ...facts });
      }
    }
    deps.print(check.json ? `${JSON.stringify(found, null, 2)}\n` : found.map(sentenceOf).join(''));
    if (!check.json && found.length === 0) deps.warn('No key of TokenRouter was found.\n');
    return found.length === 0 ? 0 : 1;
  } finally {
    await open?.close();
  }
}

async function lookUp({ keys }: OpenKeys, secret: string, nowMs: number) {
  const known = await keys.findBySecret(secret);
  if (known === undefined) return { state: 'unknown' };
  const { key, project } = known;
  return { state: stateOf(key, nowMs), id: key.id, name: key.name, project };
}

function sentenceOf({ place, line, column, key, state, id, name, project }: Found): string {
  const at = `${shownText(place, 500)}:${line}:${column}: ${key}`;
  if (state === undefined) return `${at} has the checksum of a TokenRouter key\n`;
  if (id === undefined) return `${at} is no key of this installation\n`;
  return `${at} is ${id} "${shownText(name ?? '')}" of project ${project}: ${state}\n`;
}
