import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { getMigrations } from 'better-auth/db/migration';
import type pg from 'pg';
import { clientAddressHeader } from './client-address-header.ts';
import { createAttemptLimit } from './create-attempt-limit.ts';
import { createGate } from './create-gate.ts';
import {
  hashPassword,
  isTooLong,
  passwordBytesMax,
  passwordCharactersMin,
  verifyPassword,
} from './password.ts';

export type AuthOptions = {
  /** A pool whose tables are looked up in the sign-in library's own schema. */
  pool: pg.Pool;
  /** The installation's session secret; cookies are signed with it. */
  secret: string;
  /** The public URL, or the address listened on. Cookies are `Secure` when it is https. */
  url: string;
  nowMs: () => number;
  /** Hears of the library's warnings, without what they were about: that can be personal data. */
  onWarning: (message: string) => void;
};

export type Auth = ReturnType<typeof createAuth>;

/** Sign-in with e-mail and password; sessions are rows in PostgreSQL. Nobody can register over HTTP. */
export function createAuth(options: AuthOptions) {
  return betterAuth({
    appName: 'TokenRouter',
    baseURL: new URL(options.url).origin,
    basePath: '/api/auth',
    database: options.pool,
    // Given as a list, so that no variable of the environment can put another secret in its place.
    secrets: [{ version: 1, value: options.secret }],
    // The route forwards a request only after Host and Origin were checked, under the origin that passed.
    trustedOrigins: (request) => (request === undefined ? [] : [new URL(request.url).origin]),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      autoSignIn: false,
      minPasswordLength: passwordCharactersMin,
      password: createPasswordCheck(),
    },
    session: { expiresIn: 7 * 86_400, updateAge: 86_400 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/email': { window: 60, max: 10 },
        '/change-password': { window: 60, max: 10 },
      },
      customStorage: createAttemptLimit(options.nowMs),
    },
    telemetry: { enabled: false },
    // What is not an answer to the caller is thrown to us; else the library prints it, whatever it holds.
    onAPIError: { throw: true },
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
  });
}

/** Brings the sign-in tables to the version of the library. Run it inside the migration lock. */
export async function migrateAuth(auth: Auth): Promise<void> {
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
}

/** A hash takes a quarter of a second on one of the few threads that files are written with too. */
const HASHES_MAX = 2;
const HASHES_WAITING_MAX = 20;

/** The library hashes also for unknown users, so both ways must refuse alike or they would tell who exists. */
function createPasswordCheck() {
  const gate = createGate(HASHES_MAX, HASHES_WAITING_MAX);
  const run = async <T>(password: string, work: () => Promise<T>): Promise<T> => {
    if (isTooLong(password)) {
      throw new APIError('BAD_REQUEST', {
        code: 'PASSWORD_TOO_LONG',
        message: `A password has at most ${passwordBytesMax} bytes.`,
      });
    }
    const result = await gate(work);
    if (result !== undefined) return result;
    throw new APIError('SERVICE_UNAVAILABLE', {
      message: 'Too many people sign in just now. Try again soon.',
    });
  };
  return {
    hash: (password: string) => run(password, () => hashPassword(password)),
    verify: ({ hash, password }: { hash: string; password: string }) =>
      run(password, () => verifyPassword(password, hash)),
  };
}
