import { PasskeyOptions, SignedIn, SignInMethods } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ApiError, ask } from './client.ts';

export const signInMethodsQuery = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: ({ signal }) => ask('/api/v1/sign-in-methods', SignInMethods, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** How the sign-in library says no, and how we do. */
const Refusal = z.object({
  message: z.string().optional(),
  code: z.string().optional(),
  error: z
    .object({ message: z.string(), code: z.string(), param: z.string().nullable().optional() })
    .optional(),
});

/** Asks the sign-in library. Throws `ApiError` with a sentence for the person. */
export async function askAuth<Schema extends z.ZodType>(
  path: string,
  body: object,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await fetch(`/api/auth${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    const about = { code: 'unreachable', param: null };
    throw new ApiError(0, 'The server does not answer. Check that it runs, then try again.', about);
  });
  const said: unknown = await answer.json().catch(() => ({}));
  if (answer.ok) return schema.parse(said);
  const refusal = Refusal.safeParse(said).data;
  const code = refusal?.error?.code ?? refusal?.code ?? 'unknown';
  const message =
    sentenceFor(answer, code) ??
    refusal?.error?.message ??
    refusal?.message ??
    `The server answered with status ${answer.status}.`;
  throw new ApiError(answer.status, message, { code, param: refusal?.error?.param ?? null });
}

const sentences: { [code: string]: string } = {
  INVALID_EMAIL_OR_PASSWORD: 'E-mail or password is wrong.',
  INVALID_PASSWORD: 'The password is wrong.',
  INVALID_CODE: 'This code is wrong, or was used already. Wait for the next one.',
  INVALID_BACKUP_CODE: 'This backup code is wrong, or was used already.',
  INVALID_TWO_FACTOR_COOKIE: 'That took too long. Enter your password again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many wrong codes. Enter your password again.',
  INVALID_TOKEN: 'This link is not valid any more. Ask for a new one.',
};

function sentenceFor(answer: Response, code: string): string | undefined {
  if (answer.status !== 429) return sentences[code];
  const seconds = Number(answer.headers.get('retry-after'));
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.max(1, seconds)} seconds`;
  return `Too many tries. Try again in ${wait}.`;
}

/** Signs in with e-mail and password; `true` when a code of the second factor is asked for before the session begins. */
export async function signInWithPassword(email: string, password: string): Promise<boolean> {
  const said = await askAuth(
    '/sign-in/email',
    { email, password },
    z.object({ twoFactorRedirect: z.boolean().optional() }),
  );
  return said.twoFactorRedirect === true;
}

/** The six digits of the app, or one of the backup codes. */
export function sendCode(typed: string) {
  const code = typed.replaceAll(/\s/g, '');
  const kind = /^\d{6}$/.test(code) ? 'verify-totp' : 'verify-backup-code';
  return askAuth(`/two-factor/${kind}`, { code }, z.unknown());
}

export async function signInWithPasskey(): Promise<void> {
  const begun = await ask('/api/v1/sign-in/passkey/begin', PasskeyOptions, { method: 'POST' });
  const response = await fromBrowser(async () => {
    const { startAuthentication } = await import('@simplewebauthn/browser');
    // The server made the options for exactly this.
    return startAuthentication({ optionsJSON: begun.options as never });
  });
  await ask('/api/v1/sign-in/passkey', SignedIn, {
    method: 'POST',
    body: { challenge_id: begun.challenge_id, response },
  });
}

/** Where the provider's own sign-in is; the browser goes there. Both addresses are paths of ours. */
export async function findProviderAddress(
  provider: string,
  back: { to: string; onError: string },
  isLinking = false,
): Promise<string> {
  const body = { provider, callbackURL: back.to, errorCallbackURL: back.onError };
  const { url } = await askAuth(
    isLinking ? '/link-social' : '/sign-in/social',
    body,
    z.object({ url: z.url() }),
  );
  return url;
}

export const requestPasswordReset = (email: string) =>
  askAuth('/request-password-reset', { email }, z.unknown());

export const resetPassword = (token: string, newPassword: string) =>
  askAuth('/reset-password', { token, newPassword }, z.unknown());

/** What the browser says when somebody pressed cancel is not for people. */
export async function fromBrowser<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const isCancelled = error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name);
    const message = isCancelled
      ? 'No passkey was chosen.'
      : `The browser could not use the passkey: ${error instanceof Error ? error.message : 'no reason was given'}`;
    throw new ApiError(0, message, { code: 'passkey', param: null });
  }
}
