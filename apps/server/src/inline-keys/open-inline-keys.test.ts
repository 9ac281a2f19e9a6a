import { generateKeyPairSync } from 'node:crypto';
import { findKeyProvider } from '@app/providers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createInlineKeysTable } from '../../test/inline-keys-table.ts';
import { makeEnvelope } from '../../test/make-envelope.ts';
import { type InlineKeys, openInlineKeys } from './open-inline-keys.ts';

const DAY_MS = 86_400_000;
const canary = 'sk-canary-of-the-caller';
const sealingKey = Buffer.alloc(32, 5);

/** Small pairs, made once: what is tested here is not their strength. */
let pairs: { publicPem: string; privateDer: Buffer }[] = [];
beforeAll(() => {
  pairs = Array.from({ length: 3 }, () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    return {
      publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      privateDer: privateKey.export({ type: 'pkcs8', format: 'der' }),
    };
  });
});

const opened: InlineKeys[] = [];
afterEach(() => {
  for (const keys of opened.splice(0)) keys.close();
});

type World = {
  table: ReturnType<typeof createInlineKeysTable>;
  now: { ms: number };
  made: { count: number };
};

function createWorld(): World {
  return { table: createInlineKeysTable(), now: { ms: Date.UTC(2026, 4, 1) }, made: { count: 0 } };
}

/** A server of the installation; `tick` runs what it does once a minute. */
function openServer({ table, now, made }: World): InlineKeys & { tick(): void; warnings: string[] } {
  let tick = () => {};
  const warnings: string[] = [];
  const keys = openInlineKeys({
    table,
    sealingKey,
    handedOutMs: 30 * DAY_MS,
    overlapMs: 7 * DAY_MS,
    newKid: () => `ik_${made.count}`,
    nowMs: () => now.ms,
    schedule: (_delayMs, run) => {
      tick = run;
      return () => {};
    },
    onWarning: (message) => warnings.push(message),
    makePair: async () => {
      const { publicPem, privateDer } = pairs[made.count % pairs.length] ?? {
        publicPem: '',
        privateDer: Buffer.alloc(0),
      };
      made.count += 1;
      return { publicPem, privateDer: Buffer.from(privateDer) };
    },
    rules: { findProvider: (name) => findKeyProvider(name), examples: ['openai', 'google'] },
  });
  opened.push(keys);
  return { ...keys, tick: () => tick(), warnings };
}

async function newestOf(keys: InlineKeys) {
  const [newest] = await keys.publicKeys();
  if (newest === undefined) throw new Error('There is no key.');
  return newest;
}

/** The keys that were opened, in the clear. */
async function openKeys(keys: InlineKeys, header: string): Promise<Record<string, string>> {
  const outcome = await keys.open(header, 'key_1');
  if (!outcome.ok) throw outcome.error;
  return Object.fromEntries([...outcome.value].map(([id, secret]) => [id, secret.reveal()]));
}

/** The sentence with which an envelope is refused. */
async function refusalOf(keys: InlineKeys, header: string, keyId = 'key_1') {
  const outcome = await keys.open(header, keyId);
  if (outcome.ok) throw new Error('It was opened.');
  return outcome.error;
}

describe('an envelope', () => {
  test('made for the key that is handed out opens, by its providers’ one names', async () => {
    const keys = openServer(createWorld());
    const { publicPem, kid } = await newestOf(keys);
    const brought = { openai: canary, Gemini: 'g', llama: ' m ' };
    const expected = { openai: canary, google: 'g', meta: 'm' };
    expect(await openKeys(keys, makeEnvelope(publicPem, brought))).toEqual(expected);
    expect(await openKeys(keys, makeEnvelope(publicPem, brought, { kid }))).toEqual(expected);
    expect(await openKeys(keys, makeEnvelope(publicPem, { gemini: 'g', google: 'g' }))).toEqual({
      google: 'g',
    });
  });

  const whole = { openai: canary };
  const broken = Buffer.alloc(16, 1).toString('base64url');
  test.each([
    ['that is empty', () => ''],
    ['that is no base64url', () => `{"openai":"${canary}"}`],
    ['that is standard base64', () => Buffer.from(`{"openai":"${canary}??>"}`).toString('base64')],
    ['that is the keys themselves', () => Buffer.from(JSON.stringify(whole)).toString('base64url')],
    ['that is no JSON', () => Buffer.from(canary).toString('base64url')],
    ['that is a list', () => Buffer.from(JSON.stringify([canary])).toString('base64url')],
    ['that is too long', () => 'A'.repeat(12_289)],
    ['of another algorithm', (pem: string) => makeEnvelope(pem, whole, { alg: 'RSA1_5' })],
    ['of another cipher', (pem: string) => makeEnvelope(pem, whole, { enc: 'A128CBC-HS256' })],
    ['without its key', (pem: string) => makeEnvelope(pem, whole, { ek: undefined })],
    ['with a number for its key', (pem: string) => makeEnvelope(pem, whole, { ek: 7 })],
    [
      'with another key',
      (pem: string) => makeEnvelope(pem, whole, { ek: Buffer.alloc(256, 3).toString('base64url') }),
    ],
    ['with a short key', (pem: string) => makeEnvelope(pem, whole, { ek: broken })],
    ['with a short nonce', (pem: string) => makeEnvelope(pem, whole, { iv: 'AAAA' })],
    ['with a wrong tag', (pem: string) => makeEnvelope(pem, whole, { tag: broken })],
    ['with a short tag', (pem: string) => makeEnvelope(pem, whole, { tag: 'AAAA' })],
    ['with other contents', (pem: string) => makeEnvelope(pem, whole, { ct: broken })],
    ['with contents that are too long', (pem: string) => makeEnvelope(pem, { openai: 'x'.repeat(8_300) })],
    ['with a key id that is none', (pem: string) => makeEnvelope(pem, whole, { kid: { $ne: 1 } })],
    [
      'with a key id of a key that is not ours',
      (pem: string) => makeEnvelope(pem, whole, { kid: 'ik_foreign' }),
    ],
    ['around what is no JSON', (pem: string) => makeEnvelope(pem, canary)],
    ['around a list', (pem: string) => makeEnvelope(pem, [canary])],
    ['around nothing', (pem: string) => makeEnvelope(pem, {})],
    [
      'around too much',
      (pem: string) =>
        makeEnvelope(pem, Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`p${at}`, canary]))),
    ],
    ['with names and keys swapped', (pem: string) => makeEnvelope(pem, { [canary]: 'openai' })],
    ['for a provider that nobody knows', (pem: string) => makeEnvelope(pem, { nobody: canary })],
    ['for a server of one’s own', (pem: string) => makeEnvelope(pem, { ollama: canary })],
    ['for a prototype', (pem: string) => makeEnvelope(pem, `{"__proto__":"${canary}"}`)],
    ['with an empty key', (pem: string) => makeEnvelope(pem, { openai: ' ' })],
    ['with a key that is no text', (pem: string) => makeEnvelope(pem, { openai: { key: canary } })],
    [
      'with a key that adds a header',
      (pem: string) => makeEnvelope(pem, { openai: `${canary}\r\nx-evil: 1` }),
    ],
    ['with a key that is too long', (pem: string) => makeEnvelope(pem, { openai: 'x'.repeat(4_097) })],
    [
      'with two keys for one provider',
      (pem: string) => makeEnvelope(pem, { gemini: canary, google: 'another' }),
    ],
  ])('%s is refused by a sentence that names the header and shows nothing of a key', async (_what, make) => {
    const keys = openServer(createWorld());
    const { publicPem } = await newestOf(keys);
    const error = await refusalOf(keys, make(publicPem));
    expect(error).toMatchObject({
      code: 'invalid_parameter',
      status: 400,
      detail: { param: 'x-tr-provider-keys' },
    });
    expect(error.message).toMatch(/^X-TR-Provider-Keys .+\.$/);
    expect(JSON.stringify([error.message, error.detail, String(error.cause)])).not.toContain('canary');
  });

  test('that does not open says to fetch the public key again', async () => {
    const keys = openServer(createWorld());
    await newestOf(keys);
    const foreign = pairs[2]?.publicPem ?? '';
    for (const kid of [undefined, 'ik_old']) {
      const { message } = await refusalOf(keys, makeEnvelope(foreign, { openai: canary }, { kid }));
      expect(message).toContain('/.well-known/tr-public-key');
    }
  });
});

describe('the key pairs', () => {
  test('are shared by servers that start at once, and sealed where they are kept', async () => {
    const world = createWorld();
    const servers = [openServer(world), openServer(world), openServer(world)];
    const handedOut = await Promise.all(servers.map(newestOf));
    expect(new Set(handedOut.map(({ kid }) => kid)).size).toBe(1);
    expect(world.table.rows).toHaveLength(1);
    const [row] = world.table.rows;
    for (const { privateDer } of pairs) expect(row?.sealed.includes(privateDer.subarray(40, 72))).toBe(false);
    const header = makeEnvelope(handedOut[0]?.publicPem ?? '', { openai: canary });
    for (const server of servers) expect(await openKeys(server, header)).toEqual({ openai: canary });
  });

  test('are replaced on time; the old one is accepted for the overlap and then no longer, with or without its id', async () => {
    const world = createWorld();
    const keys = openServer(world);
    const old = await newestOf(keys);
    const headers = [undefined, old.kid].map((kid) =>
      makeEnvelope(old.publicPem, { openai: canary }, { kid }),
    );
    world.now.ms += 30 * DAY_MS;
    keys.tick();
    const later = openServer(world);
    await expect.poll(async () => (await newestOf(keys)).kid).not.toBe(old.kid);
    expect(await keys.publicKeys()).toHaveLength(2);
    for (const header of headers) {
      expect(await openKeys(keys, header)).toEqual({ openai: canary });
      expect(await openKeys(later, header)).toEqual({ openai: canary });
    }
    world.now.ms += 7 * DAY_MS;
    for (const header of headers) {
      expect((await refusalOf(keys, header)).message).toContain('fetch the public key again');
    }
    expect(await keys.publicKeys()).toHaveLength(1);
  });

  test('an expired pair is destroyed when the next is made', async () => {
    const world = createWorld();
    await newestOf(openServer(world));
    world.now.ms += 40 * DAY_MS;
    await newestOf(openServer(world));
    expect(world.table.rows.map(({ generation }) => generation)).toEqual([2]);
  });

  test('a pair that another server just made opens here at once, and unknown ids do not ask the database each time', async () => {
    const world = createWorld();
    const here = openServer(world);
    await newestOf(here);
    world.now.ms += 30 * DAY_MS;
    const there = await newestOf(openServer(world));
    const header = makeEnvelope(there.publicPem, { openai: canary }, { kid: there.kid });
    expect(await openKeys(here, header)).toEqual({ openai: canary });
    const before = world.table.reads();
    for (let at = 0; at < 10; at += 1) {
      await refusalOf(here, makeEnvelope(there.publicPem, { openai: canary }, { kid: `ik_x${at}` }));
    }
    expect(world.table.reads()).toBe(before);
  });

  test('a pair that does not open is passed over, told of, and another is made', async () => {
    const world = createWorld();
    const made = await newestOf(openServer(world));
    for (const row of world.table.rows) row.sealed = Buffer.alloc(64, 1);
    const keys = openServer(world);
    expect((await newestOf(keys)).kid).not.toBe(made.kid);
    expect(keys.warnings).toContain('A key for inline provider keys does not open and is not used.');
  });

  test('the database may be away once there is a pair', async () => {
    const world = createWorld();
    const keys = openServer(world);
    const { publicPem } = await newestOf(keys);
    world.table.listInlineKeys = () => Promise.reject(new Error('away'));
    world.now.ms += DAY_MS;
    keys.tick();
    expect(await openKeys(keys, makeEnvelope(publicPem, { openai: canary }))).toEqual({ openai: canary });
  });
});

test('a flood of envelopes that do not open is refused unread after a while, for its own API key alone', async () => {
  const world = createWorld();
  const keys = openServer(world);
  const { publicPem } = await newestOf(keys);
  const bad = makeEnvelope(publicPem, { openai: canary }, { tag: Buffer.alloc(16).toString('base64url') });
  const good = makeEnvelope(publicPem, { openai: canary });
  for (let at = 0; at < 30; at += 1) expect((await refusalOf(keys, bad)).status).toBe(400);
  expect(await refusalOf(keys, good)).toMatchObject({ code: 'rate_limit_exceeded', status: 429 });
  expect((await keys.open(good, 'key_2')).ok).toBe(true);
  world.now.ms += 60_000;
  expect(await openKeys(keys, good)).toEqual({ openai: canary });
});
