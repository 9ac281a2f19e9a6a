import { type AskJson, asObject, type JsonObject } from './ask-json.ts';

/** A public key of the provider, by what a token's head says. Rejects when there is none. */
export type FindKey = (head: { kid?: string; alg?: string }) => Promise<JsonObject>;

const FRESH_MS = 3_600_000;
/** A token with an unknown key makes us ask again, but not again and again. */
const ASK_AGAIN_MS = 60_000;

/** The keys that a provider publishes (RFC 7517), kept for an hour. */
export function createKeySet(ask: AskJson, url: () => Promise<URL>, nowMs: () => number): FindKey {
  let keys: JsonObject[] = [];
  let askedMs = Number.NEGATIVE_INFINITY;
  const load = async () => {
    askedMs = nowMs();
    const answer = await ask({ method: 'GET', url: await url(), headers: { accept: 'application/json' } });
    const listed = asObject(answer).keys;
    keys = Array.isArray(listed) ? listed.slice(0, 100).map(asObject) : [];
  };
  const find = (head: { kid?: string; alg?: string }) =>
    keys.find(
      ({ kid, use, kty, alg }) =>
        (head.kid === undefined ? keys.length === 1 : kid === head.kid) &&
        (use === undefined || use === 'sig') &&
        (alg === undefined || alg === head.alg) &&
        kty !== 'oct',
    );
  return async (head) => {
    if (nowMs() - askedMs > FRESH_MS) await load();
    if (find(head) === undefined && nowMs() - askedMs > ASK_AGAIN_MS) await load();
    const key = find(head);
    if (key === undefined) throw new Error('The provider has no key of that name.');
    return key;
  };
}
