import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { twoFactor } from 'better-auth/plugins';
import type pg from 'pg';
import type { SignInSettings } from '../config/sign-in-fields.ts';
import type { AskOnce } from '../outbound/ask-once.ts';
import { clientAddressHeader } from './client-address-header.ts';
import { createAttemptLimit } from './create-attempt-limit.ts';
import { type AuthHookDeps, createAuthHooks } from './create-auth-hooks.ts';
import { createOwnPlugin } from './create-own-plugin.ts';
import { createPasswordCheck } from './create-password-check.ts';
import { passwordCharactersMin } from './password.ts';
import { createAskJson } from './providers/ask-json.ts';
import { createGithubProvider } from './providers/create-github-provider.ts';
import { createOidcProvider } from './providers/create-oidc-provider.ts';
import { tellFailures } from './providers/tell-failures.ts';

export type AuthOptions = AuthHookDeps & {
  /** A pool whose tables are looked up in the sign-in library's own schema. */
  pool: pg.Pool;
  /** The installation's session secret; cookies are signed with it. */
  secret: string;
  /** The public URL, or the address listened on. Cookies are `Secure` when it is https. */
  url: string;
  settings: Pick<SignInSettings, 'password' | 'bcrypt_cost' | 'session_hours'>;
  /** The guarded way to providers. */
  askOnce: AskOnce;
  /** Brings somebody the token by which they can set another password. Never waited for. */
  sendReset: (reset: { userId: string; email: string; token: string }) => Promise<void>;
  /** Hears of somebody who set another password by a link. */
  onReset: (reset: { userId: string; email: string; headers: Headers | undefined }) => Promise<void>;
  /** Hears of the library's warnings, without what they were about: that can be personal data. */
  onWarning: (message: string) => void;
};

export type Auth = ReturnType<typeof createAuth>;

/** How long the link of a reset is good. */
const RESET_GOOD_S = 30 * 60;

/** How people sign in; sessions are rows in PostgreSQL. Nobody can register over HTTP but by a provider that may let them in. */
export function createAuth(options: AuthOptions) {
  const { providers, nowMs, settings } = options;
  const ask = createAskJson(options.askOnce);
  const ways = providers
    .map((each) =>
      each.kind === 'github' ? createGithubProvider(each, { ask }) : createOidcProvider(each, { ask, nowMs }),
    )
    .map((way) => tellFailures(way, options.onWarning));
  return betterAuth({
    ...baseOptions(options),
    databaseHooks: createAuthHooks(options),
    emailAndPassword: {
      enabled: settings.password,
      disableSignUp: true,
      autoSignIn: false,
      minPasswordLength: passwordCharactersMin,
      password: createPasswordCheck(settings.bcrypt_cost),
      sendResetPassword: ({ user, token }) =>
        options.sendReset({ userId: user.id, email: user.email, token }),
      onPasswordReset: ({ user }, request) =>
        options.onReset({ userId: user.id, email: user.email, headers: request?.headers }),
      resetPasswordTokenExpiresIn: RESET_GOOD_S,
      revokeSessionsOnPasswordReset: true,
    },
    session: {
      expiresIn: settings.session_hours * 3_600,
      updateAge: Math.min(86_400, settings.session_hours * 900),
      additionalFields: {
        method: { type: 'string', required: false, input: false },
        twoFactor: { type: 'boolean', required: false, input: false },
        lastActiveAt: { type: 'date', required: false, input: false },
      },
    },
    plugins: [twoFactor({ issuer: 'TokenRouter' }), createOwnPlugin(ways)],
  });
}

/** What does not depend on how people sign in. */
function baseOptions(options: AuthOptions) {
  const { origin } = new URL(options.url);
  return {
    appName: 'TokenRouter',
    baseURL: origin,
    basePath: '/api/auth',
    database: options.pool,
    // Given as a list, so that no variable of the environment can put another secret in its place.
    secrets: [{ version: 1, value: options.secret }],
    // The route forwards a request only after Host and Origin were checked, under the origin that passed.
    trustedOrigins: (request) => (request === undefined ? [] : [new URL(request.url).origin]),
    // What of it is good for something, such as the token of a reset, is kept as a digest.
    verification: { storeIdentifier: 'hashed' },
    account: {
      // Somebody who comes from a provider with the address of an account proves nothing to that account:
      // it is linked by whoever is signed in to it, or not at all.
      accountLinking: { enabled: true, disableImplicitLinking: true, allowDifferentEmails: false },
      updateAccountOnSignIn: false,
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/email': { window: 60, max: 10 },
        '/change-password': { window: 60, max: 10 },
        '/request-password-reset': { window: 60, max: 10 },
        '/two-factor/*': { window: 60, max: 20 },
      },
      customStorage: createAttemptLimit(options.nowMs),
    },
    telemetry: { enabled: false },
    // What is not an answer to the caller is thrown to us; else the library prints it, whatever it holds.
    onAPIError: { throw: true, errorURL: `${origin}/sign-in` },
    logger: { level: 'warn', log: (_level, message) => options.onWarning(message) },
    advanced: {
      cookiePrefix: 'tokenrouter',
      useSecureCookies: options.url.startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      // Said aloud, because the library turns both checks off when it believes that it runs in a test.
      disableCSRFCheck: false,
      disableOriginCheck: false,
    },
  } as const satisfies BetterAuthOptions;
}

/** Brings the sign-in tables to the version of the library. Run it inside the migration lock. */
export async function migrateAuth(auth: Auth): Promise<void> {
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
}
