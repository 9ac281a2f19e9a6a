import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes sure that a data folder is opened with the key it was made with, or without one if it was made without: the
 * engine itself would start and then fail on every table. Writes a digest of the key on the first start.
 */
export function checkKey(folder: string, key: Buffer | 'none'): void {
  if (key !== 'none' && key.length !== 32) throw new Error(`The key of ${folder} must have 32 bytes.`);
  const file = join(folder, 'key-check');
  const digest =
    key === 'none' ? 'none' : createHmac('sha256', key).update('clickhouse data folder').digest('hex');
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, digest, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return;
  }
  const expected = Buffer.from(readFileSync(file, 'utf8'));
  const given = Buffer.from(digest);
  if (expected.length === given.length && timingSafeEqual(expected, given)) return;
  throw new Error(
    `${folder} was made with another master key: start with that key, or move the folder away to begin anew.`,
  );
}
