import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { MayJoin } from './may-join.ts';
import { createSessionHooks, type SessionHooksDeps, type SessionSource } from './session-hooks.ts';

export type AuthHookDeps = SessionHooksDeps & { mayJoin: MayJoin };

type Hooks = NonNullable<BetterAuthOptions['databaseHooks']>;

/** What is looked at before the sign-in library writes people, sessions and accounts elsewhere. */
export function createAuthHooks(deps: AuthHookDeps): Hooks {
  const describeSession = createSessionHooks(deps);
  // By request, for as long as it lasts.
  const joining = new WeakMap<object, (userId: string) => Promise<void>>();
  return {
    user: {
      create: {
        before: async (user, ctx) => {
          // Accounts that we make ourselves come without a request.
          if (!ctx) return;
          const provider: unknown = ctx.path === '/callback/:id' ? ctx.params?.id : undefined;
          if (typeof provider !== 'string') throw refusal('may_not_join', 'Accounts are not made this way.');
          if (!user.emailVerified) {
            throw refusal('email_not_verified', 'The provider does not vouch for the e-mail address.');
          }
          const answer = await deps.mayJoin({ email: user.email, emailVerified: true, provider });
          if (!answer.ok) throw refusal('may_not_join', answer.message);
          joining.set(ctx.context, answer.onCreated);
        },
        after: async (user, ctx) => {
          if (ctx) await joining.get(ctx.context)?.(user.id);
        },
      },
    },
    account: {
      create: { before: async () => ({ data: NO_TOKENS }) },
      update: { before: async () => ({ data: NO_TOKENS }) },
    },
    session: {
      create: {
        before: async (session, ctx) => ({
          data: await describeSession(session, {
            path: ctx?.path,
            providerId: ctx?.params?.id,
            code: ctx?.body?.code,
            current: currentOf(ctx?.context.session?.session),
          }),
        }),
      },
    },
  };
}

function currentOf(session: object | undefined): SessionSource['current'] {
  return session && { method: Reflect.get(session, 'method'), twoFactor: Reflect.get(session, 'twoFactor') };
}

/** Tokens of providers are used once, to learn who somebody is, and not kept. */
const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null };

function refusal(code: string, message: string): APIError {
  return new APIError('FORBIDDEN', { code, message });
}
