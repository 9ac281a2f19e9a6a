import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestClickhouse } from '../../test/open-test-clickhouse.ts';

const canary = 'CANARY-7f3a';
const key = Buffer.alloc(32, 0xab);

/** Files below the folder that hold the text. */
function findText(folder: string, text: string | Buffer): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}

async function writeCanaries(options: {
  key: Buffer | 'none';
}): Promise<{ files: string[]; keyFiles: string[]; environment: string }> {
  const store = await openTestClickhouse(options);
  try {
    const query = 'CREATE TABLE secrets (n UInt64, text String CODEC(NONE)) ENGINE = MergeTree ORDER BY text';
    await store.client.command({ query });
    const values = Array.from({ length: 1_000 }, (_, n) => ({ n, text: `${canary}-${n}` }));
    await store.client.insert({ table: 'secrets', values, format: 'JSONEachRow' });
    await store.client.insert({ table: 'secrets', values, format: 'JSONEachRow' });
    await store.client.command({ query: 'OPTIMIZE TABLE secrets FINAL' });
    await store.client.command({
      query: `ALTER TABLE secrets DELETE WHERE text = '${canary}-1'`,
      clickhouse_settings: { mutations_sync: '2' },
    });
    const sorted = 'SELECT text, count() FROM secrets GROUP BY text ORDER BY text LIMIT 1';
    await (await store.client.query({ query: sorted })).text();
    const pid = store.clickhouse.pid();
    return {
      files: findText(store.dataDir, canary),
      keyFiles: [...findText(store.dataDir, key), ...findText(store.dataDir, key.toString('hex'))],
      environment:
        readFileSync(`/proc/${pid}/environ`, 'utf8') + readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
    };
  } finally {
    await store.close();
  }
}

test('rows, sort keys and mutations leave no plain text in the data folder, and the key is nowhere to be read', async () => {
  const { files, keyFiles, environment } = await writeCanaries({ key });
  expect(files).toEqual([]);
  expect(keyFiles).toEqual([]);
  expect(environment).not.toContain(key.toString('hex'));
});

test('with encryption off the same search finds them', async () => {
  const { files } = await writeCanaries({ key: 'none' });
  expect(files.some((file) => file.endsWith('.bin'))).toBe(true);
});
