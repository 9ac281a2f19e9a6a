import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../apps/server/src/config/read-config.ts';

const root = resolve(import.meta.dirname, '..');
const pages = ['docs/providers.md', ...globSync('docs/providers/*.md', { cwd: root })];

test('the page of known providers is what the rows say', () => {
  const script = join(root, 'scripts/write-providers-page.ts');
  const { status, stdout } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

test.each(pages)('every configuration that %s shows is accepted', (page) => {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)];
  for (const [, yaml = ''] of blocks) {
    const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
    const variables = Object.fromEntries(names.map((name) => [name, VALUES[name] ?? 'aValueOfTheTest']));
    const config = readConfig({ ...variables, TOKENROUTER_CONFIG: 'shown.yaml' }, () => yaml);
    expect(config.file.providers.length).toBeGreaterThan(0);
  }
});

/** The only value that is looked into. */
const VALUES: { [name: string]: string } = {
  GOOGLE_SERVICE_ACCOUNT: JSON.stringify({
    type: 'service_account',
    client_email: 'test@my-project-1.iam.gserviceaccount.com',
    private_key: generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
    token_uri: 'https://oauth2.googleapis.com/token',
  }),
};
