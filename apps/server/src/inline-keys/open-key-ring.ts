import type { webcrypto } from 'node:crypto';
import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { seal, unseal } from '../secrets/seal.ts';
import { repeat } from '../snapshot/repeat.ts';
import { importPrivateKey, makeKeyPair } from './key-pair.ts';

export type KeyRingDeps = {
  table: RelationalStore['inlineKeys'];
  /** Seals the private halves; 32 bytes. */
  sealingKey: Uint8Array;
  /** How long a key is handed out, and how much longer it is accepted. */
  handedOutMs: number;
  overlapMs: number;
  newKid: () => string;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
  makePair?: typeof makeKeyPair;
};

/** A pair that is accepted. */
export type LiveKey = {
  kid: string;
  generation: number;
  publicPem: string;
  privateKey: webcrypto.CryptoKey;
  replacedAtMs: number;
  expiresAtMs: number;
};

export type KeyRing = {
  /** Those accepted now, at most two, the one that is handed out first. Waits for the first one to be there. */
  live(): Promise<readonly LiveKey[]>;
  /** Looks whether another server has made a newer one, at most once in a while. */
  lookAgain(): Promise<readonly LiveKey[]>;
  close(): void;
};

const CHECK_EVERY_MS = 60_000;
/** Whoever sends unknown key ids does not make us ask the database for each. */
const LOOK_AGAIN_AFTER_MS = 5_000;

/**
 * The key pairs that all servers of an installation share. A new generation is made when the newest is handed out no
 * longer, by whichever server notices first; the others take it over. Private halves are sealed before they are kept.
 */
export function openKeyRing(deps: KeyRingDeps): KeyRing {
  const { nowMs } = deps;
  let keys: readonly LiveKey[] = [];
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    looking ??= renew(deps, keys)
      .then((found) => {
        keys = found;
      })
      .finally(() => {
        lookedAtMs = nowMs();
        looking = undefined;
      });
    return looking;
  };
  const lookLater = () =>
    look().catch((error: unknown) =>
      deps.onWarning('The keys for inline provider keys cannot be renewed now.', error),
    );
  const accepted = () => keys.filter(({ expiresAtMs }) => expiresAtMs > nowMs());
  const first = lookLater();
  const stop = repeat(deps.schedule, CHECK_EVERY_MS, lookLater);
  return {
    live: async () => {
      await first;
      if (accepted().length === 0) await look();
      return accepted();
    },
    lookAgain: async () => {
      if (nowMs() - lookedAtMs >= LOOK_AGAIN_AFTER_MS) await lookLater();
      return accepted();
    },
    close: stop,
  };
}

/** What the database has, after this server made the next generation if it was due. */
async function renew(deps: KeyRingDeps, known: readonly LiveKey[]): Promise<LiveKey[]> {
  const { table, nowMs } = deps;
  const rows = await table.listInlineKeys();
  const loaded = await load(deps, known, rows);
  const [newest] = rows;
  const [usable] = loaded;
  if (newest?.kid === usable?.kid && usable !== undefined && usable.replacedAtMs > nowMs()) return loaded;
  await makeGeneration(deps, (newest?.generation ?? 0) + 1);
  await table.deleteExpiredInlineKeys({ nowMs: nowMs() });
  return load(deps, loaded, await table.listInlineKeys());
}

async function makeGeneration(deps: KeyRingDeps, generation: number): Promise<void> {
  const { publicPem, privateDer } = await (deps.makePair ?? makeKeyPair)();
  const kid = deps.newKid();
  const createdAtMs = deps.nowMs();
  const replacedAtMs = createdAtMs + deps.handedOutMs;
  await deps.table.insertInlineKey({
    generation,
    kid,
    publicPem,
    sealed: seal(deps.sealingKey, privateDer, identityOf(kid)),
    createdAtMs,
    replacedAtMs,
    expiresAtMs: replacedAtMs + deps.overlapMs,
  });
  privateDer.fill(0);
}

type Row = Awaited<ReturnType<KeyRingDeps['table']['listInlineKeys']>>[number];

async function load(
  { sealingKey, nowMs, onWarning }: KeyRingDeps,
  known: readonly LiveKey[],
  rows: readonly Row[],
): Promise<LiveKey[]> {
  const keys: LiveKey[] = [];
  for (const { sealed, createdAtMs: _, ...row } of rows) {
    if (row.expiresAtMs <= nowMs()) continue;
    const here = known.find(({ kid }) => kid === row.kid);
    const der = here === undefined ? unseal(sealingKey, sealed, identityOf(row.kid)) : undefined;
    if (here !== undefined) keys.push(here);
    else if (der !== undefined) keys.push({ ...row, privateKey: await importPrivateKey(der) });
    else onWarning('A key for inline provider keys does not open and is not used.', new Error(row.kid));
    der?.fill(0);
  }
  return keys;
}

function identityOf(kid: string): string {
  return `inline-key.${kid}`;
}
