import { seal, unseal } from './seal.ts';

/** One secret that the master key wraps: as it is, and, while a rotation is under way, under the next key as well. */
export type WrappedSecret = {
  name: string;
  /** What it was sealed as. */
  identity: string;
  sealed: Buffer;
  next: Buffer | undefined;
};

/** Where wrapped secrets are kept. */
export type WrappedPlace = {
  /** For people: `the database`. */
  title: string;
  list(): Promise<WrappedSecret[]>;
  /** Keeps these beside what is there. */
  keepNext(secrets: readonly { name: string; sealed: Buffer }[]): Promise<void>;
  /** Puts every next one in its place. */
  promote(): Promise<void>;
};

export type Rotation = {
  places: readonly WrappedPlace[];
  from: Uint8Array;
  to: Uint8Array;
  /** Stops where both keys open everything, so that servers can be given the new one in turn. */
  keepsOld: boolean;
};

export type Rotated = { ok: true; count: number } | { ok: false; problem: string };

/**
 * Wraps everything under another master key. First every secret is kept under both keys; only when all are does the new
 * one take over. Whenever it is cut off, one of the two keys opens everything, until the taking over begins both do, and
 * the same command goes on from there.
 */
export async function rotateMasterKey({ places, from, to, keepsOld }: Rotation): Promise<Rotated> {
  const found = await Promise.all(places.map(async (place) => ({ place, secrets: await place.list() })));
  // Nothing is written before everything is known to open.
  for (const { place, secrets } of found) {
    const closed = secrets.find((secret) => openUnder([from, to], secret) === undefined);
    if (closed !== undefined) return { ok: false, problem: notOpening(closed, place) };
  }
  for (const { place, secrets } of found) {
    const lacking = secrets.filter((secret) => isLacking(to, secret));
    const wrapped = lacking.map((secret) => ({
      name: secret.name,
      sealed: seal(to, openUnder([from, to], secret) ?? Buffer.alloc(0), secret.identity),
    }));
    if (wrapped.length > 0) await place.keepNext(wrapped);
  }
  const count = found.reduce((sum, { secrets }) => sum + secrets.length, 0);
  return keepsOld ? { ok: true, count } : finishRotation({ places, key: to });
}

/** Ends a rotation that kept the old key: from then on only `key` opens what is here. */
export async function finishRotation({
  places,
  key,
}: {
  places: readonly WrappedPlace[];
  key: Uint8Array;
}): Promise<Rotated> {
  let count = 0;
  const waiting: WrappedPlace[] = [];
  for (const place of places) {
    const secrets = await place.list();
    const closed = secrets.find((secret) => isLacking(key, secret));
    if (closed !== undefined) return { ok: false, problem: notOpening(closed, place) };
    count += secrets.length;
    if (secrets.some(({ next }) => next !== undefined)) waiting.push(place);
  }
  for (const place of waiting) await place.promote();
  return { ok: true, count };
}

/** Whether putting the next one in its place would leave something that this key does not open. */
function isLacking(key: Uint8Array, { sealed, next, identity }: WrappedSecret): boolean {
  return unseal(key, next ?? sealed, identity) === undefined;
}

function openUnder(
  keys: readonly Uint8Array[],
  { sealed, next, identity }: WrappedSecret,
): Buffer | undefined {
  for (const key of keys) {
    const opened = unseal(key, sealed, identity) ?? (next && unseal(key, next, identity));
    if (opened !== undefined) return opened;
  }
  return undefined;
}

function notOpening({ name }: WrappedSecret, { title }: WrappedPlace): string {
  return (
    `The secret "${name}" in ${title} does not open with the master key that was given, so nothing was changed there. ` +
    'Give the key that was used before as TOKENROUTER_MASTER_KEY and the new one as TOKENROUTER_NEW_MASTER_KEY.'
  );
}
