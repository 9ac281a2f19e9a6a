import { createHash } from 'node:crypto';
import type { Passkey } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { type RelationalStore, type StoredPasskey, StoreError } from '@app/store';
import { parseAssertion, parseAttestation, transportsOf } from './passkey-answer.ts';
import type { RelyingParty } from './relying-party.ts';

export type PasskeysDeps = {
  passkeys: RelationalStore['passkeys'];
  newId: () => string;
  randomBytes: (size: number) => Uint8Array;
  nowMs: () => number;
};

/** Somebody who is signed in. */
type PasskeyOwner = { id: string; name: string; email: string; sessionId: string };

/** What a browser is told to ask a device for. */
type Asked = { challenge_id: string; options: { [name: string]: unknown } };
/** What the device answered. */
type Answered = { challenge_id: string; response: { readonly [name: string]: unknown } };

export type Passkeys = {
  list(userId: string): Promise<Passkey[]>;
  beginCreate(user: PasskeyOwner, party: RelyingParty): Promise<Asked>;
  create(user: PasskeyOwner, party: RelyingParty, answer: Answered & { name: string }): Promise<Passkey>;
  /** Undefined when there is none of that id. */
  delete(userId: string, id: string): Promise<Passkey | undefined>;
  beginSignIn(party: RelyingParty): Promise<Asked>;
  /** Whose device answered. Throws a 401 that says no more when it cannot be verified. */
  signIn(party: RelyingParty, answer: Answered): Promise<{ userId: string; passkey: Passkey }>;
};

const CHALLENGE_MS = 5 * 60_000;
const PASSKEYS_MAX = 20;

/** Its 250 files are read when somebody has a passkey, so that no start waits for them. */
const loadWebauthn = () => import('@simplewebauthn/server');

/**
 * Keys that devices keep, by WebAuthn. A challenge is good once, for five minutes, for the purpose, the person and the
 * session it was made for; the device has to check who holds it, so that a passkey counts as two factors.
 */
export function createPasskeys(deps: PasskeysDeps): Passkeys {
  const { passkeys, nowMs } = deps;
  return {
    list: async (userId) => (await passkeys.listPasskeys(userId)).map(showPasskey),
    beginCreate: async (user, party) => {
      const { generateRegistrationOptions } = await loadWebauthn();
      const options = await generateRegistrationOptions({
        rpName: 'TokenRouter',
        rpID: party.id,
        userName: user.email,
        userDisplayName: user.name,
        userID: new TextEncoder().encode(user.id),
        timeout: CHALLENGE_MS,
        attestationType: 'none',
        excludeCredentials: (await passkeys.listPasskeys(user.id)).map(({ credentialId: id }) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      const bound = { purpose: 'create', userId: user.id, sessionId: user.sessionId } as const;
      return {
        challenge_id: await keepChallenge(deps, { ...bound, challenge: options.challenge }),
        options: { ...options },
      };
    },
    create: (user, party, answer) => createPasskey(deps, user, { party, answer }),
    delete: async (userId, id) => {
      const deleted = await passkeys.deletePasskey(userId, { id });
      return deleted && showPasskey(deleted);
    },
    beginSignIn: async ({ id: rpID }) => {
      const { generateAuthenticationOptions } = await loadWebauthn();
      const options = await generateAuthenticationOptions({
        rpID,
        timeout: CHALLENGE_MS,
        userVerification: 'required',
      });
      const bound = { purpose: 'sign-in', userId: undefined, sessionId: undefined } as const;
      return {
        challenge_id: await keepChallenge(deps, { ...bound, challenge: options.challenge }),
        options: { ...options },
      };
    },
    signIn: async (party, answer) => {
      const found = await verifySignIn(deps, party, answer);
      if (found === undefined) throw notVerified();
      const { id, userId, counter } = found;
      // In one statement with the comparison: of two devices with the same key one gets in at most.
      if (!(await passkeys.touchPasskey(userId, { id, counter, nowMs: nowMs() }))) throw notVerified();
      return { userId, passkey: showPasskey({ ...found, lastUsedAt: new Date(nowMs()) }) };
    },
  };
}

function showPasskey({ id, name, createdAt, lastUsedAt }: StoredPasskey): Passkey {
  return {
    id,
    name,
    created_at: createdAt.toISOString(),
    last_used_at: lastUsedAt?.toISOString() ?? null,
  };
}

type Bound = { purpose: 'create' | 'sign-in'; userId: string | undefined; sessionId: string | undefined };

async function keepChallenge(
  { passkeys, randomBytes, nowMs }: PasskeysDeps,
  bound: Bound & { challenge: string },
): Promise<string> {
  const id = Buffer.from(randomBytes(32)).toString('base64url');
  await passkeys.insertPasskeyChallenge({
    ...bound,
    digest: digestOf(id),
    expiresAtMs: nowMs() + CHALLENGE_MS,
  });
  return id;
}

function digestOf(id: string): string {
  return createHash('sha256').update(id, 'utf8').digest('base64url');
}

async function createPasskey(
  deps: PasskeysDeps,
  user: PasskeyOwner,
  { party, answer }: { party: RelyingParty; answer: Answered & { name: string } },
): Promise<Passkey> {
  const { passkeys, nowMs } = deps;
  const bound = { purpose: 'create', userId: user.id, sessionId: user.sessionId } as const;
  const digest = digestOf(answer.challenge_id);
  const challenge = await passkeys.consumePasskeyChallenge({ ...bound, digest, nowMs: nowMs() });
  if (challenge === undefined)
    throw unusable('This passkey was begun elsewhere or too long ago. Begin again.');
  const response = parseAttestation(answer.response);
  const { verifyRegistrationResponse } = await loadWebauthn();
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => undefined);
  const credential = verified?.registrationInfo?.credential;
  if (credential === undefined) throw unusable('What the device answered could not be verified.');
  const passkey = {
    id: deps.newId(),
    name: answer.name,
    credentialId: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: transportsOf(response),
    createdAtMs: nowMs(),
    max: PASSKEYS_MAX,
  };
  const isMade = await passkeys.insertPasskey(user.id, passkey).catch((error: unknown) => {
    if (error instanceof StoreError && error.code === 'conflict')
      throw conflict('This device has a passkey here already.');
    throw error;
  });
  if (!isMade) throw conflict(`An account has at most ${PASSKEYS_MAX} passkeys. Delete one first.`);
  return {
    id: passkey.id,
    name: passkey.name,
    created_at: new Date(nowMs()).toISOString(),
    last_used_at: null,
  };
}

/** The passkey with its new counter; undefined for whatever is not right. */
async function verifySignIn(
  { passkeys, nowMs }: PasskeysDeps,
  party: RelyingParty,
  answer: Answered,
): Promise<StoredPasskey | undefined> {
  const bound = { purpose: 'sign-in', userId: undefined, sessionId: undefined } as const;
  const digest = digestOf(answer.challenge_id);
  const challenge = await passkeys.consumePasskeyChallenge({ ...bound, digest, nowMs: nowMs() });
  const response = parseAssertion(answer.response);
  const passkey = await passkeys.findPasskey({ credentialId: response.id });
  if (challenge === undefined || passkey === undefined) return undefined;
  const { userHandle } = response.response;
  if (userHandle !== undefined && userHandle !== Buffer.from(passkey.userId).toString('base64url'))
    return undefined;
  const { verifyAuthenticationResponse } = await loadWebauthn();
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: passkey.counter },
  }).catch(() => undefined);
  // It rejects a counter that does not move on, which is how a copied key shows.
  return verified?.verified === true
    ? { ...passkey, counter: verified.authenticationInfo.newCounter }
    : undefined;
}

/** The same whatever was wrong. */
function notVerified(): GatewayError {
  const message = 'This passkey cannot be used here. Sign in another way.';
  return new GatewayError('invalid_api_key', message, { retryable: false });
}

function unusable(message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param: 'response', retryable: false });
}

function conflict(message: string): GatewayError {
  return new GatewayError('conflict', message, { retryable: false });
}
