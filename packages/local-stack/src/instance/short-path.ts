import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The kernel's limit for the path of a unix socket, without the ending zero (unix(7); macOS has 103). */
const socketPathBytesMax = process.platform === 'darwin' ? 103 : 107;

/** Runs `use` with a path to `name` in `folder` that fits a unix socket: a link to the folder stands in for a long one. */
export async function withShortPath<T>(
  folder: string,
  name: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const direct = join(folder, name);
  if (Buffer.byteLength(direct) <= socketPathBytesMax) return use(direct);
  const holder = mkdtempSync(join(tmpdir(), 'tr-link-'));
  try {
    symlinkSync(folder, join(holder, 'f'));
    return await use(join(holder, 'f', name));
  } finally {
    rmSync(holder, { recursive: true, force: true });
  }
}

/** Makes a fresh folder of mode 0700 in which sockets with names of up to 30 bytes can be opened. */
export function makeRunDir(): string {
  const places = [tmpdir(), '/tmp'];
  const place = places.find(
    (path) => Buffer.byteLength(path) + 'tr-XXXXXX'.length + 32 <= socketPathBytesMax,
  );
  return mkdtempSync(join(place ?? '/tmp', 'tr-'));
}
