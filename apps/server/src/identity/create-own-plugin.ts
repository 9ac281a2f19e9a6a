import type { BetterAuthPlugin } from 'better-auth';
import { addOAuthServerContext, createAuthEndpoint, createAuthMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { OAuthProvider } from 'better-auth/oauth2';
import { z } from 'zod';
import { hashSessionTokens } from './hash-session-tokens.ts';
import type { JsonObject } from './providers/ask-json.ts';
import { FLOW_PROVIDER } from './providers/check-flow-provider.ts';

/**
 * What the sign-in library does not do by itself: providers that are reached by our own way out, session tokens kept as
 * digests, flows that remember which provider they were begun for, and sessions for people who proved who they are to us.
 */
export function createOwnPlugin(providers: readonly OAuthProvider<JsonObject>[]) {
  return {
    id: 'tokenrouter',
    init: (context) => ({
      context: {
        adapter: hashSessionTokens(context.adapter),
        socialProviders: [...providers],
      },
    }),
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/sign-in/social' || path === '/link-social',
          handler: createAuthMiddleware(async ({ body }) => {
            await addOAuthServerContext({ [FLOW_PROVIDER]: String(body?.provider) });
          }),
        },
      ],
    },
    endpoints: {
      /** Not reachable over HTTP: begins a session and answers with its cookie. */
      openSession: createAuthEndpoint.serverOnly(
        {
          method: 'POST',
          body: z.object({ userId: z.string(), method: z.string(), twoFactor: z.boolean() }),
        },
        async (ctx) => {
          const { userId, method, twoFactor } = ctx.body;
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(userId);
          if (user === null) return ctx.json({ id: undefined });
          const session = await internalAdapter.createSession(userId, false, { method, twoFactor });
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ id: session.id });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
