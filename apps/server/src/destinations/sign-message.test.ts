import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAddressCipher } from './create-address-cipher.ts';
import { signMessage } from './sign-message.ts';

const page = readFileSync(new URL('../../../../docs/alert-destinations.md', import.meta.url), 'utf8');
const codeOf = (language: string): string => {
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (found === undefined) throw new Error(`The page has no ${language}.`);
  return found;
};

const SECRET = `whsec_${'s'.repeat(43)}`;
const AT_MS = 1_790_000_000_000;
const BODY = '{"title":"Ünïcode \\" and \\\\"}';
const good = signMessage(SECRET, { body: BODY, atMs: AT_MS });
const mac = good.split('v1=')[1] ?? '';

/** What a receiver is asked, and what it has to say. */
const table: { name: string; header: string; body?: string; nowMs?: number; genuine: boolean }[] = [
  { name: 'ours', header: good, genuine: true },
  { name: 'ours, four minutes later', header: good, nowMs: AT_MS + 240_000, genuine: true },
  { name: 'ours among others of a new secret', header: `${good},v1=${'0'.repeat(64)}`, genuine: true },
  { name: 'another body', header: good, body: `${BODY} `, genuine: false },
  { name: 'six minutes later', header: good, nowMs: AT_MS + 360_000, genuine: false },
  { name: 'another time', header: good.replace('t=1', 't=2'), genuine: false },
  { name: 'no time', header: `v1=${mac}`, genuine: false },
  { name: 'no signature', header: good.split(',')[0] ?? '', genuine: false },
  { name: 'a short signature', header: good.slice(0, -2), genuine: false },
  { name: 'no ASCII', header: `${good.split(',')[0]},v1=é`, genuine: false },
  { name: 'an empty header', header: '', genuine: false },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the TypeScript of the page accepts what is ours and nothing else', async () => {
  const path = join(folder, 'verify.ts');
  writeFileSync(path, codeOf('ts'));
  const { isFromTokenRouter } = await import(pathToFileURL(path).href);
  for (const { name, header, body = BODY, nowMs = AT_MS, genuine } of table) {
    expect(isFromTokenRouter(SECRET, header, body, nowMs), name).toBe(genuine);
  }
  expect(() => isFromTokenRouter('', good, BODY, AT_MS)).toThrow(/not set/);
});

test('the Python of the page says the same', () => {
  const path = join(folder, 'verify.py');
  const rows = table.map(({ header, body = BODY, nowMs = AT_MS }) => [header, body, nowMs / 1_000]);
  const ask = `import json, sys
rows = json.load(sys.stdin)
print(json.dumps([is_from_tokenrouter(${JSON.stringify(SECRET)}, h, b.encode(), n) for h, b, n in rows]))
try:
    is_from_tokenrouter("", "", b"")
except ValueError as error:
    print(error)
`;
  writeFileSync(path, `${codeOf('python')}\n\n${ask}`);
  const printed = execFileSync('python3', [path], { input: JSON.stringify(rows), encoding: 'utf8' });
  const [verdicts = '', refusal] = printed.trim().split('\n');
  expect(JSON.parse(verdicts)).toEqual(table.map(({ genuine }) => genuine));
  expect(refusal).toBe('The webhook secret is not set.');
});

test('new-api, April 2026: nothing is ever signed or verified with an empty secret', () => {
  for (const secret of ['', 'short']) {
    expect(() => signMessage(secret, { body: BODY, atMs: AT_MS })).toThrow(/so short a secret/);
  }
  const cipher = createAddressCipher(Buffer.alloc(32, 1));
  const row = { id: 'dst_1', organizationId: 'org_a', kind: 'webhook' as const };
  const sealed = cipher.seal(row, { kind: 'webhook', url: 'https://hooks.example.com', secret: '' });
  expect(cipher.open(row, sealed)).toBeUndefined();
});

test('an address opens for its own row alone', () => {
  const cipher = createAddressCipher(Buffer.alloc(32, 1));
  const row = { id: 'dst_1', organizationId: 'org_a', kind: 'slack' as const };
  const address = { kind: 'slack' as const, url: 'https://hooks.slack.com/services/canary' };
  const sealed = cipher.seal(row, address);
  expect(sealed.includes('canary')).toBe(false);
  expect(cipher.open(row, sealed)).toEqual(address);
  for (const other of [{ id: 'dst_2' }, { organizationId: 'org_b' }, { kind: 'webhook' as const }]) {
    expect(cipher.open({ ...row, ...other }, sealed)).toBeUndefined();
  }
});
