import { endpoints } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import { clientAddressHeader } from '../../../identity/client-address-header.ts';
import type { Accounts } from '../../../identity/create-accounts.ts';
import type { AttemptLimit } from '../../../identity/create-attempt-limit.ts';
import type { Passkeys } from '../../../identity/create-passkeys.ts';
import type { SignInLimit } from '../../../identity/create-sign-in-limit.ts';
import type { SignInTrail } from '../../../identity/create-sign-in-trail.ts';
import { networkOf } from '../../../identity/network-of.ts';
import type { RelyingParty } from '../../../identity/relying-party.ts';
import { type ApiRequest, type Operation, publicOperation } from '../operation.ts';
import { getPartyOf } from './get-party-of.ts';

export type PasskeySignInDeps = {
  passkeys: Pick<Passkeys, 'beginSignIn' | 'signIn'>;
  /** The sign-in library must have been loaded once, for its tables. */
  loadSignIn: () => Promise<void>;
  sessions: Pick<Accounts, 'openSession'>;
  people: Pick<RelationalStore['accounts'], 'findAccount'>;
  limit: Pick<SignInLimit, 'noteSignIn'>;
  begins: AttemptLimit;
  trail: SignInTrail;
  findParty: (request: ApiRequest) => RelyingParty | undefined;
  /** Whether a page of ours sent the request. */
  isOwnPage: (request: ApiRequest) => boolean;
};

/** Signing in with a passkey, without a name or a password. */
export function passkeySignInOperations(deps: PasskeySignInDeps): Operation[] {
  const partyOf = getPartyOf(deps.findParty);
  const proven = new WeakMap<ApiRequest, Proof>();
  return [
    publicOperation({
      endpoint: endpoints.beginPasskeySignIn,
      permission: 'anyone',
      changesNothing: true,
      run: async ({ request }) => {
        const party = partyOf(request);
        await admit(deps, request);
        return deps.passkeys.beginSignIn(party);
      },
    }),
    publicOperation({
      endpoint: endpoints.signInWithPasskey,
      permission: 'anyone',
      audit: {
        action: 'session.sign_in',
        target: (_, output) => output && { kind: 'account', id: output.user_id, name: null },
        // Who proves nothing is turned away before anything is written down: strangers fill no chain.
        before: async ({ request, body }) =>
          void proven.set(request, await prove(deps, request, { answer: body, party: partyOf(request) })),
        after: () => ({ method: 'passkey', two_factor: true }),
      },
      run: ({ request, setCookie }) => signIn(deps, { request, proof: proven.get(request), setCookie }),
    }),
  ];
}

type Proof = Awaited<ReturnType<Passkeys['signIn']>>;
type Answered = { answer: Parameters<Passkeys['signIn']>[1]; party: RelyingParty };

async function prove(
  deps: PasskeySignInDeps,
  request: ApiRequest,
  { answer, party }: Answered,
): Promise<Proof> {
  // Else a page of another site could sign somebody in to an account that is not theirs.
  if (!deps.isOwnPage(request)) {
    const message = 'The request came from a page of another site.';
    throw new GatewayError('insufficient_permissions', message, { retryable: false });
  }
  await deps.loadSignIn();
  return deps.passkeys.signIn(party, answer);
}

type SigningIn = {
  request: ApiRequest;
  proof: Proof | undefined;
  setCookie: (cookie: string) => void;
};

async function signIn(deps: PasskeySignInDeps, { request, proof, setCookie }: SigningIn) {
  if (proof === undefined) throw new Error('A sign-in with a passkey was not proven before it began.');
  const { userId, passkey } = proof;
  const person = await deps.people.findAccount(userId);
  const session = await deps.sessions.openSession({
    ...{ userId, method: 'passkey', twoFactor: true },
    headers: { 'user-agent': String(request.headers['user-agent'] ?? ''), [clientAddressHeader]: request.ip },
  });
  if (person === undefined || session === undefined) {
    throw new GatewayError('invalid_api_key', 'This account is not there any more.', { retryable: false });
  }
  const { email } = person;
  request.seen.actor = {
    ...{ kind: 'user', id: userId, label: email, sessionId: session.id },
    ...{ permissions: new Set(), mode: 'live' },
  };
  await deps.limit.noteSignIn({ account: email, ip: request.ip });
  const event = {
    action: 'session.sign_in',
    after: { method: 'passkey', two_factor: true, passkey: passkey.id },
  } as const;
  const userAgent = request.headers['user-agent'];
  await deps.trail.record({ id: userId, email, sessionId: session.id }, event, {
    ip: request.ip,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
    requestId: request.id,
  });
  for (const cookie of session.setCookies) setCookie(cookie);
  return { user_id: userId };
}

/** Each one that is begun is kept for a while, so that their number is limited by where they come from. */
async function admit({ begins }: PasskeySignInDeps, { ip }: ApiRequest): Promise<void> {
  const { allowed, retryAfter } = await begins.consume(networkOf(ip), { window: 60, max: 60 });
  if (allowed) return;
  const message = 'Too many tries. Try again in a minute.';
  throw new GatewayError('rate_limit_exceeded', message, { retryAfterS: Math.min(59, retryAfter ?? 59) });
}
