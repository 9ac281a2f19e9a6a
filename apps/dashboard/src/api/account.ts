import { Account, EndedSessions, Passkey, PasskeyOptions } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';
import { askAuth, fromBrowser } from './sign-in.ts';

const base = '/api/v1/account';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => ask(base, Account, { signal }),
});

export const updateAccount = (name: string) => ask(base, Account, { method: 'PATCH', body: { name } });

export const changePassword = (currentPassword: string, newPassword: string) =>
  askAuth('/change-password', { currentPassword, newPassword }, z.unknown());

export const endSession = (id: string) =>
  ask(`${base}/sessions/${encodeURIComponent(id)}`, EndedSessions, { method: 'DELETE' });

export const endOtherSessions = () => ask(`${base}/sessions/end-others`, EndedSessions, { method: 'POST' });

/** Makes a passkey with the browser, under a name of the person's. */
export async function createPasskey(name: string): Promise<void> {
  const begun = await ask(`${base}/passkeys/begin`, PasskeyOptions, { method: 'POST' });
  const response = await fromBrowser(async () => {
    const { startRegistration } = await import('@simplewebauthn/browser');
    // The server made the options for exactly this.
    return startRegistration({ optionsJSON: begun.options as never });
  });
  await ask(`${base}/passkeys`, Passkey, {
    method: 'POST',
    body: { challenge_id: begun.challenge_id, name, response },
  });
}

export const deletePasskey = (id: string) =>
  ask(`${base}/passkeys/${encodeURIComponent(id)}`, Passkey, { method: 'DELETE' });

/** Unlinks an account at a provider. */
export const deleteIdentity = (provider: string) =>
  ask(`${base}/identities/${encodeURIComponent(provider)}`, Account, { method: 'DELETE' });

const Begun = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });
export type BegunTwoFactor = z.infer<typeof Begun>;

/** In force once a code of it was sent with `confirmTwoFactor`. */
export const beginTwoFactor = (password: string) => askAuth('/two-factor/enable', { password }, Begun);

export const confirmTwoFactor = (code: string) =>
  askAuth('/two-factor/verify-totp', { code: code.replaceAll(/\s/g, '') }, z.unknown());

export const disableTwoFactor = (password: string) =>
  askAuth('/two-factor/disable', { password }, z.unknown());

/** New ones; those from before are void. */
export const createBackupCodes = (password: string) =>
  askAuth('/two-factor/generate-backup-codes', { password }, Begun.pick({ backupCodes: true }));
