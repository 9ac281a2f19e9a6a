import { z } from 'zod';

/** How the sign-in page lets people in. */
export const SignInMethods = z.object({
  password: z.boolean(),
  passkey: z.boolean(),
  providers: z.array(
    z.object({ id: z.string(), title: z.string(), kind: z.enum(['github', 'google', 'oidc']) }),
  ),
  /** Whether a forgotten password can be reset by e-mail. */
  mail: z.boolean(),
});
export type SignInMethods = z.infer<typeof SignInMethods>;

export const AccountSession = z.object({
  id: z.string(),
  is_current: z.boolean(),
  /** `password`, `passkey`, or the id of a provider. */
  method: z.string().nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: z.iso.datetime(),
  last_active_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime(),
});
export type AccountSession = z.infer<typeof AccountSession>;

export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
});
export type Passkey = z.infer<typeof Passkey>;

/** Who is signed in, by which ways they can sign in, and where they are. */
export const Account = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  has_password: z.boolean(),
  two_factor: z.boolean(),
  passkeys: z.array(Passkey),
  /** Accounts elsewhere that lead to this one. */
  identities: z.array(z.object({ provider: z.string(), title: z.string(), linked_at: z.iso.datetime() })),
  sessions: z.array(AccountSession),
});
export type Account = z.infer<typeof Account>;
export const AccountChange = z.strictObject({ name: z.string().trim().min(1).max(100) });
export type AccountChange = z.infer<typeof AccountChange>;
export const EndedSessions = z.object({ ended: z.int() });
export type EndedSessions = z.infer<typeof EndedSessions>;

/** WebAuthn's options and answers, as the browser's library reads and writes them. */
const webAuthn = z.record(z.string(), z.unknown());
/** `challenge_id` is sent back with the browser's answer; it is good once, for five minutes. */
export const PasskeyOptions = z.object({ challenge_id: z.string(), options: webAuthn });
export type PasskeyOptions = z.infer<typeof PasskeyOptions>;
export const NewPasskey = z.strictObject({
  challenge_id: z.string().min(1).max(100),
  name: z.string().trim().min(1).max(64),
  response: webAuthn,
});
export type NewPasskey = z.infer<typeof NewPasskey>;
export const PasskeySignIn = z.strictObject({ challenge_id: z.string().min(1).max(100), response: webAuthn });
export type PasskeySignIn = z.infer<typeof PasskeySignIn>;
export const SignedIn = z.object({ user_id: z.string() });
export type SignedIn = z.infer<typeof SignedIn>;
