import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isExternalClickhouse, useClickhouse } from '../../test/clickhouse-engine.ts';
import { dumpClickhouseSchema } from './dump-clickhouse-schema.ts';

const clickhouse = useClickhouse();

// Each version writes the same schema in words of its own, so a server that somebody named is not compared.
test.skipIf(isExternalClickhouse)('the schema is what clickhouse-schema.sql says', async () => {
  const committed = await readFile(new URL('../../clickhouse-schema.sql', import.meta.url), 'utf8');
  const dump = await dumpClickhouseSchema(clickhouse.get());
  expect(committed).toBe(`-- Written by \`npm run schema\`.\n\n${dump}`);
});
