import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createReceiptKey } from '../retention/receipt-key.ts';
import { runData } from './data.ts';
import type { World } from './world.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'receipts-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const key = createReceiptKey(Buffer.alloc(32, 3));
const receipt = key.sign({
  ...{ deletion_id: 'del_1', organization_id: 'org_1', project_id: 'proj_1', filter: { user: 'Zoë "Z"' } },
  ...{ requested_at: '2026-05-01T00:00:00.000Z', finished_at: '2026-05-01T00:01:00.000Z' },
  deleted: { traces: 2, spans: 4, contents: 3, responses: 0, bytes: 12_345 },
  swept: [{ place: 'traces', left: 0 }],
});

async function verify(given: unknown, keyText: string) {
  const [file, keyFile] = [join(dir, 'receipt.json'), join(dir, 'key')];
  await writeFile(file, JSON.stringify(given));
  await writeFile(keyFile, keyText);
  let said = '';
  const world: World = {
    variables: {},
    print: (text) => {
      said += text;
    },
    warn: (text) => {
      said += text;
    },
    isTerminal: false,
    stopRequested: new Promise(() => undefined),
  };
  return { status: await runData(['verify-receipt', file, '--key', keyFile], world), said };
}

test('a receipt is checked with the public key alone, as PEM or as the server hands it out', async () => {
  const answer = JSON.stringify({ keys: [{ kid: key.kid, alg: 'Ed25519', public_key_pem: key.publicPem }] });
  for (const text of [key.publicPem, answer]) {
    const { status, said } = await verify(receipt, text);
    expect(status).toBe(0);
    expect(said).toContain('2 traces (4 spans)');
  }
});

test('a receipt that was changed, or that another key signed, is not genuine', async () => {
  expect(await verify({ ...receipt, filter: { user: 'bob' } }, key.publicPem)).toMatchObject({ status: 1 });
  const other = createReceiptKey(Buffer.alloc(32, 4));
  expect(await verify(receipt, other.publicPem)).toMatchObject({ status: 1 });
  expect(await verify({ receipt: 'none' }, key.publicPem)).toMatchObject({ status: 1 });
});
