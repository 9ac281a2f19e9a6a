import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFindInBytes, type Needle } from './find-in-bytes.ts';

/** Texts that may be nowhere, by what they stand for. */
export type Canaries = { [name: string]: string };

/** `name` was found, written in `form`, at `place`. */
export type Sighting = { name: string; form: string; place: string };

/** A text that exists nowhere else: letters and digits alone, so that no way of escaping text changes it. */
export const makeCanary = (): string => `cnry${randomBytes(14).toString('hex')}`;

/** Every file below the folder that holds a canary in any form. */
export function searchFolder(folder: string, canaries: Canaries): Sighting[] {
  const search = createSearch(canaries);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [...search(entry.name, path), ...search(readIfThere(path), path)];
  });
}

export function searchText(text: string | Buffer, place: string, canaries: Canaries): Sighting[] {
  return createSearch(canaries)(text, place);
}

/** The command line of every process, and the environment of those that `parent` started. */
export function searchProcesses(parent: number, canaries: Canaries): Sighting[] {
  const search = createSearch(canaries);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const isOurs = (pid: string | undefined): boolean =>
    pid !== undefined && (pid === String(parent) || isOurs(parents.get(pid)));
  return pids.flatMap((pid) => [
    ...search(readIfThere(`/proc/${pid}/cmdline`), `command line of ${pid}`),
    ...(pid !== String(parent) && isOurs(pid)
      ? search(readIfThere(`/proc/${pid}/environ`), `environment of ${pid}`)
      : []),
  ]);
}

/** Every way in which a text is likely to be written down. */
export function formsOf(text: string): { [form: string]: Buffer } {
  const bytes = Buffer.from(text, 'utf8');
  const utf16 = Buffer.from(text, 'utf16le');
  const hex = bytes.toString('hex');
  const forms: { [form: string]: Buffer } = {
    'utf-8': bytes,
    'utf-16le': utf16,
    'utf-16be': Buffer.from(utf16).swap16(),
    hex: Buffer.from(hex),
    'upper hex': Buffer.from(hex.toUpperCase()),
    'url-encoded': Buffer.from(encodeURIComponent(text)),
    'url-encoded whole': Buffer.from(hex.replace(/../g, (pair) => `%${pair.toUpperCase()}`)),
    reversed: Buffer.from([...text].reverse().join('')),
  };
  for (const offset of [0, 1, 2]) {
    forms[`base64 at ${offset}`] = Buffer.from(base64At(bytes, offset, 'base64'));
    forms[`base64url at ${offset}`] = Buffer.from(base64At(bytes, offset, 'base64url'));
    forms[`base64 of utf-16 at ${offset}`] = Buffer.from(base64At(utf16, offset, 'base64'));
  }
  return forms;
}

/** The characters that stand for these bytes alone when so many bytes of something else come before them. */
function base64At(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const text = padded.toString(encoding).replaceAll('=', '');
  const isCut = padded.length % 3 !== 0;
  return text.slice([0, 2, 3][offset], isCut ? -1 : undefined);
}

function createSearch(canaries: Canaries): (haystack: string | Buffer, place: string) => Sighting[] {
  const needles = Object.entries(canaries).flatMap(([name, text]): Needle[] =>
    Object.entries(formsOf(text)).map(([form, bytes]) => ({ name, form, bytes })),
  );
  const find = createFindInBytes(needles);
  return (haystack, place) => find(Buffer.from(haystack)).map(({ name, form }) => ({ name, form, place }));
}

/** Processes end and files go while we look. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

function parentOf(pid: string): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`).toString();
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
}
