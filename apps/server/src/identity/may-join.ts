/** Somebody who came from a provider and has no account here yet. */
export type Newcomer = {
  email: string;
  /** Whether the provider vouches for the address. */
  emailVerified: boolean;
  /** The id of the provider in the settings. */
  provider: string;
};

/**
 * Whether somebody without an account may have one. `onCreated` is called once with the new account's id; `message` is
 * a sentence for the person.
 */
export type MayJoin = (
  newcomer: Newcomer,
) => Promise<{ ok: true; onCreated(userId: string): Promise<void> } | { ok: false; message: string }>;

/** Where nobody is let in: who has no account gets none. */
export const nobodyMayJoin: MayJoin = async () => ({
  ok: false,
  message: 'There is no account for this address. Ask for an invitation.',
});
