import type { NewKey } from '@app/contract';
import type { Project } from '@app/store';
import { type ImportedSecret, readImportedSecret } from '../keys/imported-secret.ts';
import type { KeysCommandDeps, OpenKeys } from './keys-command.ts';

type Request = { key: NewKey; file: string | undefined };
type Place = { open: OpenKeys; project: Project; deps: KeysCommandDeps };

/** Imports a key that is read from a file or standard input. Resolves to the exit status. */
export async function importKey({ key, file }: Request, { open, project, deps }: Place): Promise<number> {
  const text = await readShort(deps.readInput(file));
  const read = readImportedSecret(text ?? '');
  if (!read.ok) return refuse(deps, read.problem);
  const wanted = withPrefix(key, read.imported);
  if (typeof wanted === 'string') return refuse(deps, wanted);
  const made = await open.keys.importKey(project, wanted, read.imported);
  const shown = `${made.prefix}...${made.last_four}`;
  deps.warn(
    `Imported ${shown} as ${made.id} "${made.name}", ${made.mode} ${made.kind} key of project ${project.slug}.\n`,
  );
  deps.print(`${made.id}\n`);
  return 0;
}

/** What the prefix tells is not to be contradicted; what it does not tell must be said. */
function withPrefix(key: NewKey, { kind, mode, environment, prefix }: ImportedSecret): NewKey | string {
  const wanted = key.mode ?? mode;
  if (wanted === undefined)
    return `A key that begins with ${prefix} may be either: add --mode live or --mode test.`;
  if (mode !== undefined && wanted !== mode) return `A key that begins with ${prefix} is a ${mode} key.`;
  const place = key.environment ?? environment;
  return { ...key, kind, mode: wanted, ...(place !== undefined && { environment: place }) };
}

const BYTES_MAX = 4_096;

/** A short text; `undefined` for one that is too long to be a key. */
async function readShort(pieces: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > BYTES_MAX) return undefined;
    held.push(piece);
  }
  return Buffer.concat(held).toString('utf8');
}

function refuse(deps: KeysCommandDeps, problem: string): number {
  deps.warn(`${problem}\nSee: tokenrouter keys --help\n`);
  return 2;
}
