import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { dumpPostgresSchema } from './dump-postgres-schema.ts';

describeOnEveryPostgres('the schema', (engine) => {
  test('is what postgres-schema.sql says; `npm run schema` writes it anew', async () => {
    const committed = await readFile(new URL('../../postgres-schema.sql', import.meta.url), 'utf8');
    const dump = await dumpPostgresSchema(await engine.open());
    expect(committed).toBe(`-- Written by \`npm run schema\`.\n\n${dump}`);
  });
});
