import type { FastifyRequest } from 'fastify';
import type { SessionUser } from '../../identity/create-find-session.ts';
import type { Whence } from '../../identity/create-sign-in-trail.ts';
import type { AuthRoute } from './auth-routes.ts';
import type { RegisterAuthDeps } from './register-auth.ts';

type Noted = {
  route: AuthRoute;
  request: FastifyRequest;
  body: object | undefined;
  /** Who was signed in when the request came. */
  before: SessionUser | undefined;
  answered: Response;
  text: string;
};

type Outcome = 'done' | 'failed' | 'harmless';
type Deps = Pick<RegisterAuthDeps, 'auth' | 'limit' | 'trail' | 'welcome' | 'onWarning'>;

/** What begins a session for whoever was nobody, or somebody else. Other routes put a new one in the place of their own. */
const SIGN_INS = new Set(['/sign-in/email', '/callback/:id']);

/** Writes down what an answer of the library means, and tells how the try turned out. */
export async function noteAnswer(deps: Deps, noted: Noted): Promise<Outcome> {
  const { route, request, answered, before } = noted;
  const whence: Whence = { ip: request.ip, userAgent: request.headers['user-agent'], requestId: request.id };
  const begun = await findBegun(deps, noted);
  if (begun !== undefined && (before === undefined || SIGN_INS.has(route.path))) {
    await noteSignIn(deps, begun, { route, whence });
    return 'done';
  }
  const failure = failureOf(noted);
  if (failure !== undefined) {
    noteFailure(deps, noted, { reason: failure, whence });
    return 'failed';
  }
  if (answered.status >= 400) return 'harmless';
  const action = route.path === '/callback/:id' ? ('account.link_identity' as const) : route.action;
  if (action !== undefined && before !== undefined) {
    const provider = String(Reflect.get(Object(request.params), 'id'));
    const target = { target: { kind: 'identity', id: provider, name: null } };
    await deps.trail.record(
      before,
      { action, ...(action === 'account.link_identity' ? target : {}) },
      whence,
    );
  }
  return route.path === '/sign-in/email' ? 'harmless' : 'done';
}

async function noteSignIn(
  { limit, trail, welcome }: Deps,
  begun: SessionUser,
  { route, whence }: { route: AuthRoute; whence: Whence },
): Promise<void> {
  const { id: userId, email, method } = begun;
  if (whence.ip !== undefined) await limit.noteSignIn({ account: email, ip: whence.ip });
  if (route.path === '/callback/:id' && method !== undefined) {
    // An identity is made or linked only where the provider vouches for the very address of the account.
    await welcome({ userId, email, emailVerified: true, provider: method });
  }
  const after = { method, two_factor: begun.twoFactor };
  await trail.record(
    { id: userId, email, sessionId: begun.sessionId },
    { action: 'session.sign_in', after },
    whence,
  );
}

/** Whose session the answer begins, read from the cookies that it sets. */
async function findBegun({ auth }: Deps, { answered }: Noted): Promise<SessionUser | undefined> {
  const cookies = answered.headers.getSetCookie();
  if (!cookies.some((cookie) => /session_token=[^;]/.test(cookie))) return undefined;
  const cookie = cookies.map((each) => each.split(';', 1)[0]).join('; ');
  return (await auth.findSession({ cookie }))?.user;
}

/** Why it was refused, where that was a try to get in; undefined where it was none. */
function failureOf({ route, answered, text }: Noted): string | undefined {
  if (route.path === '/callback/:id') {
    return (
      URL.parse(answered.headers.get('location') ?? '', 'http://here')?.searchParams.get('error') ?? undefined
    );
  }
  if (route.tries === undefined || answered.status < 400 || answered.status === 429) return undefined;
  const code = /"code":"([A-Z_]{1,60})"/.exec(text)?.[1] ?? '';
  return answered.status === 401 || GUESSES.has(code) ? code.toLowerCase() : undefined;
}

/** What the library answers to a wrong guess with another status than 401. */
const GUESSES = new Set(['INVALID_PASSWORD', 'INVALID_TOKEN', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE']);

/** Not waited for: an address that has an account takes longer to write down than one that has none. */
function noteFailure(
  { trail, onWarning }: Deps,
  { route, body, before }: Noted,
  { reason, whence }: { reason: string; whence: Whence },
): void {
  const event = { action: 'session.sign_in_failed', outcome: 'failed', reason } as const;
  const typed = route.path === '/sign-in/email' ? String(Reflect.get(body ?? {}, 'email')) : undefined;
  const done =
    before === undefined
      ? trail.recordStranger({ ...event, typed }, whence)
      : trail.record(before, event, whence);
  done.catch((error: unknown) => onWarning('A failed sign-in could not be written down.', error));
}
